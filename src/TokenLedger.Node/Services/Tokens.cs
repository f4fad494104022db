// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>Which listing gave a page token out: its first byte, so that no other takes it.</summary>
internal enum Listing : byte
{
    Assets = 1,
    Balances = 2,
    Holders = 3,
    Proposals = 4,
    Blocks = 5,
    History = 6,
    BalancesAt = 7,
}

/// <summary>
/// Where a listing goes on: the listing, 1 byte; its height, 8 bytes big-endian; and the last row's key, or
/// 8 bytes of a number for rows that are numbered.
/// </summary>
internal readonly ref struct PageToken(ulong height, ReadOnlySpan<byte> lastKey)
{
    private const int Head = 1 + 8;

    public ulong Height { get; } = height;

    /// <summary>At least one byte.</summary>
    public ReadOnlySpan<byte> LastKey { get; } = lastKey;

    public static string Write(Listing listing, ulong height, ReadOnlySpan<byte> lastKey)
    {
        Span<byte> head = stackalloc byte[Head];
        head[0] = (byte)listing;
        BinaryPrimitives.WriteUInt64BigEndian(head[1..], height);
        return RequestFields.Token([.. head, .. lastKey]);
    }

    public static string Write(Listing listing, ulong height, ulong number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return Write(listing, height, bytes);
    }

    /// <exception cref="RpcException">INVALID_ARGUMENT: this listing did not give it out.</exception>
    public static PageToken Read(Listing listing, string token)
    {
        byte[] bytes = RequestFields.Token(token, "page_token");
        return bytes.Length > Head && bytes[0] == (byte)listing
            ? new PageToken(BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(1)), bytes.AsSpan(Head))
            : throw Foreign();
    }

    /// <summary>Reads the token of a listing by number; nulls for the empty one, which begins.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: this listing did not give it out.</exception>
    public static (ulong? Height, ulong? Number) ReadNumber(Listing listing, string token)
    {
        if (token.Length == 0)
        {
            return (null, null);
        }

        PageToken place = Read(listing, token);
        return place.LastKey.Length == 8
            ? (place.Height, BinaryPrimitives.ReadUInt64BigEndian(place.LastKey))
            : throw Foreign();
    }

    /// <summary>The refusal of a token that the listing did not give out.</summary>
    public static RpcException Foreign() => RequestFields.Invalid("page_token belongs to another listing.");

    /// <summary>The refusal of a token whose listing cannot go on here.</summary>
    public static RpcException Expired(string detail) =>
        ErrorModel.Failure(StatusCode.FailedPrecondition, "PAGE_EXPIRED", detail);
}

/// <summary>Where a history goes on: the listing; height, event and transaction of the last row.</summary>
internal static class HistoryToken
{
    private const int Size = 1 + 8 + 4 + 4;

    public static string Write(HistoryRow row)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = (byte)Listing.History;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], row.Height.Value);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[9..], row.EventIndex);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[13..], row.TransactionIndex);
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
        return bytes.Length == Size && bytes[0] == (byte)Listing.History
            ? new HistoryRow(
                new Height(BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(1))),
                BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(9)),
                BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(13)))
            : throw PageToken.Foreign();
    }
}

/// <summary>Where a subscriber goes on.</summary>
/// <param name="Height">The block whose events come next.</param>
/// <param name="Delivered">How many of that block's events were delivered.</param>
internal readonly record struct EventCursor(Height Height, uint Delivered)
{
    /// <summary>The bytes: version, the genesis hash's first 8, height, delivered.</summary>
    private const int Size = 1 + NetworkBytes + 8 + 4;

    private const int NetworkBytes = 8;
    private const byte Version = 2;

    /// <summary>Reads a cursor; the empty one begins at genesis.</summary>
    /// <exception cref="RpcException">CURSOR_INVALID: no stream of this network gave it out.</exception>
    public static EventCursor Read(string cursor, in Hash256 genesisHash)
    {
        if (cursor.Length == 0)
        {
            return new EventCursor(new Height(0), 0);
        }

        if (RequestFields.TryToken(cursor) is not { Length: Size } bytes || bytes[0] != Version)
        {
            throw Invalid("The cursor was not given out by this service.");
        }

        return bytes.AsSpan(1, NetworkBytes).SequenceEqual(genesisHash.ToArray().AsSpan(0, NetworkBytes))
            ? new EventCursor(
                new Height(BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(1 + NetworkBytes))),
                BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1 + NetworkBytes + 8)))
            : throw Invalid("The cursor is of another network, or of this one before a reset.");
    }

    /// <summary>The cursor's text.</summary>
    public string Write(in Hash256 genesisHash)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        genesisHash.ToArray().AsSpan(0, NetworkBytes).CopyTo(bytes[1..]);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[(1 + NetworkBytes)..], Height.Value);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[(1 + NetworkBytes + 8)..], Delivered);
        return RequestFields.Token(bytes);
    }

    /// <summary>The refusal of a cursor that no stream of this network gave out.</summary>
    /// <param name="detail">What is wrong with it.</param>
    public static RpcException Invalid(string detail) =>
        ErrorModel.Failure(
            StatusCode.InvalidArgument, "CURSOR_INVALID",
            detail + " Stop, and look: from another place on you may count what you have counted, or miss"
                + " something.");
}
