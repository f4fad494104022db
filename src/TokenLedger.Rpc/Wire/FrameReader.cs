// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <summary>
/// Reads the frames of one call. Every failure of what the peer sent is an <see cref="RpcException"/>;
/// failures of the transport pass through. One read at a time.
/// </summary>
/// <param name="pipe">Where the bytes come from.</param>
/// <param name="maxMessageBytes">The limit of a message, before and after it is decompressed.</param>
/// <param name="encoding">What the peer named in <c>grpc-encoding</c>.</param>
internal sealed class FrameReader(PipeReader pipe, int maxMessageBytes, string? encoding)
    : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    /// <summary>Whether the peer is known to send nothing more.</summary>
    public bool AtEnd { get; private set; }

    public override int PayloadLength => (int)_payload.Length;

    /// <summary>Reads a message; null after the last one.</summary>
    public async ValueTask<T?> ReadAsync<T>(Marshaller<T> marshaller, CancellationToken cancellationToken)
        where T : class
    {
        if (AtEnd)
        {
            return null;
        }

        var result =
            await pipe.ReadAtLeastAsync(FrameWriter.HeaderBytes, cancellationToken).ConfigureAwait(false);
        if (result.Buffer.IsEmpty)
        {
            pipe.AdvanceTo(result.Buffer.End);
            AtEnd = true;
            return null;
        }

        var (compressed, length) = ParseHeader(result.Buffer);
        var frameBytes = FrameWriter.HeaderBytes + length;
        if (result.Buffer.Length < frameBytes)
        {
            pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result = await pipe.ReadAtLeastAsync(frameBytes, cancellationToken).ConfigureAwait(false);
            if (result.Buffer.Length < frameBytes)
            {
                throw Malformed("The stream ended within a message.");
            }
        }

        var payload = result.Buffer.Slice(FrameWriter.HeaderBytes, length);
        var message = Deserialize(marshaller, compressed ? Decompress(payload) : payload);
        AtEnd = result.IsCompleted && result.Buffer.Length == frameBytes;
        pipe.AdvanceTo(payload.End);
        return message;
    }

    /// <summary>Gives the buffers back. Nothing is read afterwards.</summary>
    public void Complete()
    {
        AtEnd = true;
        pipe.Complete();
    }

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    private static RpcException Malformed(string detail, Exception? cause = null) =>
        new(new Status(StatusCode.Internal, detail, cause));

    private (bool Compressed, int Length) ParseHeader(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < FrameWriter.HeaderBytes)
        {
            throw Malformed("The stream ended within the header of a message.");
        }

        Span<byte> header = stackalloc byte[FrameWriter.HeaderBytes];
        buffer.Slice(0, FrameWriter.HeaderBytes).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (header[0] > 1)
        {
            throw Malformed("The compressed flag of a message is neither 0 nor 1.");
        }

        if (header[0] == 1 && encoding != WireHeaders.Gzip)
        {
            throw Malformed("A message is marked as compressed, and no encoding was named.");
        }

        return length <= maxMessageBytes ? (header[0] == 1, (int)length) : throw TooLarge(length);
    }

    private T Deserialize<T>(Marshaller<T> marshaller, ReadOnlySequence<byte> payload)
        where T : class
    {
        _payload = payload;
        try
        {
            return marshaller.ContextualDeserializer(this)
                ?? throw Malformed("The deserializer gave no message.");
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Malformed("The message is malformed.", e);
        }
        finally
        {
            _payload = default;
        }
    }

    /// <summary>Stops one byte above the limit, so that a small message can't become a large one.</summary>
    private ReadOnlySequence<byte> Decompress(ReadOnlySequence<byte> payload)
    {
        using var gzip = new GZipStream(new MemoryStream(payload.ToArray()), CompressionMode.Decompress);
        var output = new ArrayBufferWriter<byte>();
        try
        {
            while (gzip.Read(output.GetSpan(4096)) is var read and > 0)
            {
                output.Advance(read);
                if (output.WrittenCount > maxMessageBytes)
                {
                    throw TooLarge(output.WrittenCount);
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw Malformed("A message can't be decompressed.", e);
        }

        return new ReadOnlySequence<byte>(output.WrittenMemory);
    }

    private RpcException TooLarge(long bytes) => new(new Status(
        StatusCode.ResourceExhausted,
        $"The received message has at least {bytes} bytes; the limit is {maxMessageBytes}."));
}
