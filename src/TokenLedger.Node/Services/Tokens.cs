// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>Where a listing goes on: its height, 8 bytes big-endian, and the last row's key.</summary>
internal readonly ref struct PageToken(ulong height, ReadOnlySpan<byte> lastKey)
{
    public ulong Height { get; } = height;

    /// <summary>At least one byte.</summary>
    public ReadOnlySpan<byte> LastKey { get; } = lastKey;

    public static string Write(ulong height, ReadOnlySpan<byte> lastKey)
    {
        Span<byte> pinned = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(pinned, height);
        return RequestFields.Token([.. pinned, .. lastKey]);
    }

    /// <exception cref="RpcException">INVALID_ARGUMENT: no listing gave it out.</exception>
    public static PageToken Read(string token)
    {
        byte[] bytes = RequestFields.Token(token, "page_token");
        return bytes.Length > 8
            ? new PageToken(BinaryPrimitives.ReadUInt64BigEndian(bytes), bytes.AsSpan(8))
            : throw RequestFields.Invalid("page_token belongs to another listing.");
    }
}

/// <summary>Where a history goes on: height, event and transaction of the last row.</summary>
internal static class HistoryToken
{
    private const int Size = 8 + 4 + 4;

    public static string Write(HistoryRow row)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, row.Height.Value);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], row.EventIndex);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], row.TransactionIndex);
        return RequestFields.Token(bytes);
    }

    /// <returns>Null for the empty token, which begins.</returns>
    /// <exception cref="RpcException">INVALID_ARGUMENT: no history gave it out.</exception>
    public static HistoryRow? Read(string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        byte[] bytes = RequestFields.Token(token, "page_token");
        return bytes.Length == Size
            ? new HistoryRow(
                new Height(BinaryPrimitives.ReadUInt64BigEndian(bytes)),
                BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8)),
                BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(12)))
            : throw RequestFields.Invalid("page_token belongs to another listing.");
    }
}

/// <summary>Where a subscriber goes on.</summary>
/// <param name="Height">The block whose events come next.</param>
/// <param name="Delivered">How many of that block's events were delivered.</param>
internal readonly record struct EventCursor(Height Height, uint Delivered)
{
    /// <summary>The bytes: version, height, delivered.</summary>
    private const int Size = 1 + 8 + 4;

    private const byte Version = 1;

    /// <summary>Reads a cursor; the empty one begins at genesis.</summary>
    /// <exception cref="RpcException">CURSOR_INVALID: no stream gave it out.</exception>
    public static EventCursor Read(string cursor)
    {
        if (cursor.Length == 0)
        {
            return new EventCursor(new Height(0), 0);
        }

        return RequestFields.TryToken(cursor) is { Length: Size } bytes && bytes[0] == Version
            ? new EventCursor(
                new Height(BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(1))),
                BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(9)))
            : throw ErrorModel.Failure(
                StatusCode.InvalidArgument, "CURSOR_INVALID",
                "The cursor was not given out by this service.");
    }

    /// <summary>The cursor's text.</summary>
    public string Write()
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], Height.Value);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[9..], Delivered);
        return RequestFields.Token(bytes);
    }
}
