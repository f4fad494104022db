// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core;
using TokenLedger.Core.State;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>
/// One page of a table in the order of its keys. The token holds the height and the last key, so that all
/// pages of a listing are of one height.
/// </summary>
internal sealed class Page : IDisposable
{
    private readonly PinnedSnapshots.Lease _lease;

    private Page(PinnedSnapshots.Lease lease, IReadOnlyList<StateEntry> entries, string nextToken)
    {
        _lease = lease;
        Entries = entries;
        NextToken = nextToken;
    }

    /// <summary>The page's rows.</summary>
    public IReadOnlyList<StateEntry> Entries { get; }

    /// <summary>Empty when this is the last page.</summary>
    public string NextToken { get; }

    public LedgerSnapshot Snapshot => _lease.Snapshot;

    public ulong Height => Snapshot.Head.Height.Value;

    /// <summary>Reads a page of the keys that begin with a prefix.</summary>
    public static Page Open(PinnedSnapshots pins, string token, uint pageSize, ReadOnlySpan<byte> prefix)
    {
        byte[] from = prefix.ToArray();
        ulong? height = null;
        if (token.Length > 0)
        {
            byte[] bytes = RequestFields.Token(token, "page_token");
            if (bytes.Length <= 8 || !bytes.AsSpan(8).StartsWith(prefix))
            {
                throw RequestFields.Invalid("page_token belongs to another listing.");
            }

            height = BinaryPrimitives.ReadUInt64BigEndian(bytes);
            from = [.. bytes.AsSpan(8), 0];
        }

        int size = RequestFields.PageSize(pageSize);
        PinnedSnapshots.Lease lease = pins.Borrow(height);
        try
        {
            IReadOnlyList<StateEntry> entries = lease.Snapshot.State.Range(from, After(prefix), size + 1);
            string next = "";
            if (entries.Count > size)
            {
                Span<byte> pinned = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(pinned, lease.Snapshot.Head.Height.Value);
                next = RequestFields.Token([.. pinned, .. entries[size - 1].Key.Span]);
                entries = [.. entries.Take(size)];
                lease.Keep();
            }

            return new Page(lease, entries, next);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public void Dispose() => _lease.Dispose();

    /// <summary>
    /// The first key after all that begin with a prefix, which never is all ones: tables end well below.
    /// </summary>
    internal static byte[] After(ReadOnlySpan<byte> prefix)
    {
        byte[] next = prefix.ToArray();
        for (int i = next.Length - 1; i >= 0; i--)
        {
            if (next[i] != byte.MaxValue)
            {
                next[i]++;
                return next[..(i + 1)];
            }
        }

        throw new InvariantException("a prefix begins with a table's byte");
    }
}

/// <summary>Tokens of histories: where the last row stands.</summary>
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
