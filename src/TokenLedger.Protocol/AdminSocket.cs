// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Protocol;

/// <summary>Where a node's local operators find it: a socket file, which node and tools must agree
/// on.</summary>
public static class AdminSocket
{
    /// <summary>
    /// Bytes in a socket's path: what Linux's sockaddr_un holds besides the closing zero.
    /// </summary>
    public const int MaxPathBytes = 107;

    /// <summary>The socket of a node whose configuration names none: beside its data directory, so that
    /// neither a backup nor a wiped directory has it.</summary>
    /// <param name="dataDirectory">Absolute.</param>
    public static string DefaultOf(string dataDirectory) =>
        Path.Combine(Path.TrimEndingDirectorySeparator(dataDirectory) + ".run", "admin.sock");
}
