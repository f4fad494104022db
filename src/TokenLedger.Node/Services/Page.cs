// SPDX-License-Identifier: Apache-2.0
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
    public static Page Open(
        PinnedSnapshots pins, Listing listing, string token, uint pageSize, ReadOnlySpan<byte> prefix)
    {
        byte[] from = prefix.ToArray();
        ulong? height = null;
        if (token.Length > 0)
        {
            PageToken place = PageToken.Read(listing, token);
            if (!place.LastKey.StartsWith(prefix))
            {
                throw PageToken.Foreign();
            }

            height = place.Height;
            from = [.. place.LastKey, 0];
        }

        int size = RequestFields.PageSize(pageSize);
        PinnedSnapshots.Lease lease = pins.Borrow(height);
        try
        {
            IReadOnlyList<StateEntry> entries = lease.Snapshot.State.Range(from, After(prefix), size + 1);
            string next = "";
            if (entries.Count > size)
            {
                next = PageToken.Write(
                    listing, lease.Snapshot.Head.Height.Value, entries[size - 1].Key.Span);
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
