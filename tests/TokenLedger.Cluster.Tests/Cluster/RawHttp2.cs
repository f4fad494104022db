// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// A client of HTTP/2 in clear text that follows no rule it is not told to: it never reads what it is not
/// asked to read, and sends what no library would.
/// </summary>
internal sealed class RawHttp2 : IDisposable
{
    public const byte Data = 0;
    public const byte HeadersFrame = 1;
    public const byte RstStream = 3;
    public const byte GoAway = 7;
    public const byte Continuation = 9;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private const byte Settings = 4;
    private const int FrameHeader = 9;

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly NetworkStream _stream;

    private RawHttp2(int port)
    {
        _client.Connect("127.0.0.1", port);
        _stream = _client.GetStream();
    }

    /// <summary>Connects and says what a connection begins with.</summary>
    public static async Task<RawHttp2> ConnectAsync(int port)
    {
        var raw = new RawHttp2(port);
        await raw._stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await raw.SendAsync(Settings, 0, 0, ReadOnlyMemory<byte>.Empty);
        return raw;
    }

    public async Task SendAsync(byte type, byte flags, int stream, ReadOnlyMemory<byte> payload)
    {
        byte[] frame = new byte[FrameHeader + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)(payload.Length & 0xFFFF));
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsMemory(FrameHeader));
        await _stream.WriteAsync(frame);
    }

    /// <summary>Begins a call.</summary>
    public async Task CallAsync(int stream, string path, byte[] message, bool end)
    {
        await SendAsync(HeadersFrame, EndHeaders, stream, Headers(path));
        byte[] frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        await SendAsync(Data, end ? EndStream : (byte)0, stream, frame);
    }

    /// <summary>The next frame; null when the connection is over, or nothing comes in time.</summary>
    public async Task<(byte Type, int Stream, byte[] Payload)?> ReadAsync(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        try
        {
            byte[] header = new byte[FrameHeader];
            await _stream.ReadExactlyAsync(header, patience.Token);
            int length = (header[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(1));
            byte[] payload = new byte[length];
            await _stream.ReadExactlyAsync(payload, patience.Token);
            return (header[3], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)), payload);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>True once the other side has closed; what it sends before is thrown away.</summary>
    public async Task<bool> IsClosedAsync(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await _stream.ReadAsync(buffer, patience.Token) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A block of headers without compression: those of a call, and more.</summary>
    public static byte[] Headers(string path, params (string Name, string Value)[] more)
    {
        var bytes = new List<byte>();
        (string Name, string Value)[] all =
        [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
            ("content-type", "application/grpc"), ("te", "trailers"), .. more,
        ];
        foreach ((string name, string value) in all)
        {
            bytes.Add(0);
            Text(bytes, name);
            Text(bytes, value);
        }

        return [.. bytes];
    }

    public void Dispose() => _client.Dispose();

    private static void Text(List<byte> bytes, string text)
    {
        const int Prefix = 127;
        byte[] ascii = Encoding.ASCII.GetBytes(text);
        int rest = ascii.Length;
        bytes.Add((byte)Math.Min(rest, Prefix));
        if (rest >= Prefix)
        {
            for (rest -= Prefix; rest >= 0x80; rest >>= 7)
            {
                bytes.Add((byte)((rest & 0x7F) | 0x80));
            }

            bytes.Add((byte)rest);
        }

        bytes.AddRange(ascii);
    }
}
