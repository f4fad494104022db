// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <summary>
/// Makes frames: one byte 0 or 1 (compressed), the length as 4 bytes big-endian, the message. One buffer
/// serves all messages of a call, so a frame is valid until the next one; it is not pooled, because a
/// transport may still hold a frame when the call is given up.
/// </summary>
internal sealed class FrameWriter(int maxMessageBytes) : SerializationContext, IBufferWriter<byte>
{
    public const int HeaderBytes = 5;

    /// <summary>A buffer that one large message made larger than this is not kept for the next.</summary>
    private const int KeptBytes = 64 * 1024;

    private byte[] _buffer = [];
    private int _end;
    private bool _complete;

    /// <summary>Writes a message.</summary>
    /// <exception cref="RpcException">
    /// It is above the limit (RESOURCE_EXHAUSTED) or can't be written (INTERNAL).
    /// </exception>
    public ReadOnlyMemory<byte> Write<T>(T message, Marshaller<T> marshaller, bool compress)
    {
        _end = HeaderBytes;
        _complete = false;
        if (_buffer.Length > KeptBytes)
        {
            _buffer = [];
        }

        try
        {
            marshaller.ContextualSerializer(message, this);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The message can't be written.", e));
        }

        if (!_complete)
        {
            throw new RpcException(
                new Status(StatusCode.Internal, "The serializer did not complete the message."));
        }

        RequireWithinLimit(_end - HeaderBytes);
        Reserve(0);
        _buffer[0] = compress && TryCompress() ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(1), _end - HeaderBytes);
        return _buffer.AsMemory(0, _end);
    }

    public override void SetPayloadLength(int payloadLength)
    {
        RequireWithinLimit(payloadLength);
        Reserve(payloadLength);
    }

    public override void Complete(byte[] payload)
    {
        RequireWithinLimit(payload.Length);
        Reserve(payload.Length);
        payload.CopyTo(_buffer, _end);
        _end += payload.Length;
        _complete = true;
    }

    public override IBufferWriter<byte> GetBufferWriter() => this;

    public override void Complete() => _complete = true;

    void IBufferWriter<byte>.Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _end);
        _end += count;
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_end);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_end);
    }

    /// <summary>
    /// Grows in steps that double, except that the first message gets exactly what it asks for.
    /// </summary>
    private void Reserve(int bytes)
    {
        var needed = _end + bytes;
        if (needed > _buffer.Length)
        {
            var doubled = (int)Math.Min(2L * _buffer.Length, Array.MaxLength);
            Array.Resize(ref _buffer, Math.Max(needed, doubled));
        }
    }

    private bool TryCompress()
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(_buffer.AsSpan(HeaderBytes, _end - HeaderBytes));
        }

        if (compressed.Length >= _end - HeaderBytes)
        {
            return false;
        }

        _end = HeaderBytes + (int)compressed.Length;
        compressed.GetBuffer().AsSpan(0, (int)compressed.Length).CopyTo(_buffer.AsSpan(HeaderBytes));
        return true;
    }

    private void RequireWithinLimit(int bytes)
    {
        if (bytes > maxMessageBytes)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"The message to send has {bytes} bytes; the limit is {maxMessageBytes}."));
        }
    }
}
