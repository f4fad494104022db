// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using TokenLedger.Protocol;

namespace TokenLedger.Node.Administration;

/// <summary>
/// The socket file that the node's operator speaks to. Who may open it is the file system's business: the
/// folder is its owner's alone, before the socket is in it and after.
/// </summary>
internal static class AdminListener
{
    private const UnixFileMode OwnerOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The path, once it is known to be one that a socket can have.</summary>
    /// <exception cref="NodeConfigurationException">It is too long.</exception>
    public static string Usable(string path) =>
        Encoding.UTF8.GetByteCount(path) <= AdminSocket.MaxPathBytes
            ? path
            : throw Unusable(
                $"{path} is longer than the {AdminSocket.MaxPathBytes} bytes that the system takes. Name a"
                    + " shorter one as admin.socket.");

    /// <summary>Makes the folder, and removes the socket that a killed node left behind.</summary>
    /// <exception cref="NodeConfigurationException">The folder is open to others, or something else is in the
    /// place.</exception>
    /// <exception cref="AdminSocketTakenException">Another process listens there.</exception>
    public static void Prepare(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw Unusable("Windows has no file modes that keep others out of a socket.");
        }

        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder, OwnerOnly);
        if ((File.GetUnixFileMode(folder) & ~OwnerOnly) != 0)
        {
            throw Unusable(
                $"{folder} is open to others than its owner. Name a folder of its own in admin.socket, or:"
                    + $" chmod 700 {folder}");
        }

        if (!File.Exists(path))
        {
            return;
        }

        if ((File.GetAttributes(path) & (FileAttributes.Directory | FileAttributes.ReparsePoint)) != 0
            || !IsSocket(path))
        {
            throw Unusable($"{path} is there and is no socket. Move it away.");
        }

        File.Delete(path);
    }

    /// <summary>Takes the socket, which listens now, from everybody but the owner.</summary>
    public static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>True for a socket that nobody listens at; false for what is none.</summary>
    private static bool IsSocket(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            // A plain file refuses a connection as a socket without a listener does; only the latter is empty
            // and cannot be opened.
            return !CanBeOpened(path);
        }

        throw new AdminSocketTakenException(path);
    }

    private static bool CanBeOpened(string path)
    {
        try
        {
            using FileStream opened = File.OpenRead(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static NodeConfigurationException Unusable(string why) => new("ADMIN_SOCKET", why);
}

/// <summary>Another process listens at this node's socket.</summary>
internal sealed class AdminSocketTakenException(string path) : Exception(
    $"Another process listens at {path}. Is this node running already? Stop it, or name another"
        + " admin.socket.");
