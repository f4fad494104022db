// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Sending;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Codec;
using TokenLedger.Core.State;
using TokenLedger.Storage;

namespace TokenLedger.Bridge;

/// <summary>
/// What a validator's bridge must not forget: how far it has read the chain abroad, what it saw there and the
/// ledger has not decided, and what it has sent. Losing it costs a new reading from the lane's first block,
/// and a sent transaction may be sent twice; no unit.
/// </summary>
/// <remarks>
/// Format, per family, the lane's chain as <c>u64</c> first in each key. <c>bridge_meta</c>: <c>h</c> → block
/// number <c>u64</c> · hash · burns <c>u64</c> · accumulator; <c>x</c> → why the bridge halted, text;
/// <c>d</c> → up to which block of the ledger facts were forgotten, height <c>u64</c>.
/// <c>bridge_facts</c>: subject kind <c>u8</c> · number <c>u64</c> → observation. <c>bridge_sends</c>:
/// nonce <c>u64</c> →
/// message <c>u64</c> · sent at <c>u64</c> · signed transaction, bytes. One writer; not thread-safe.
/// </remarks>
public sealed class BridgeJournal
{
    private const int ReasonBytes = 1_024;
    private const int PageRows = 1_024;

    /// <summary>The most that stands after the lane's chain in a key.</summary>
    private const int KeyBytes = 9;

    private static readonly Family Meta = new(0, "bridge_meta");
    private static readonly Family Facts = new(1, "bridge_facts");
    private static readonly Family Sends = new(2, "bridge_sends");

    private readonly IKeyValueStore _store;
    private readonly ulong _chainId;

    /// <summary>A lane's part of a store that was opened with <see cref="Families"/>.</summary>
    public BridgeJournal(IKeyValueStore store, ulong chainId) => (_store, _chainId) = (store, chainId);

    /// <summary>The families of a journal's store.</summary>
    public static ImmutableArray<Family> Families { get; } = [Meta, Facts, Sends];

    /// <summary>The last block that was read, and the hash chain over burns up to it; null before the
    /// first.</summary>
    public (ulong Number, Hash256 Hash, ulong Burns, Hash256 Accumulator)? Head
    {
        get
        {
            if (!_store.TryGet(Meta, Key((byte)'h'), out byte[]? value))
            {
                return null;
            }

            var reader = new CanonicalReader(value);
            var head = (reader.U64(), reader.Hash(), reader.U64(), reader.Hash());
            reader.End();
            return head;
        }
    }

    /// <summary>Why the bridge halted; null while it has not.</summary>
    public string? Halt => _store.TryGet(Meta, Key((byte)'x'), out byte[]? value)
        ? new CanonicalReader(value).Text(ReasonBytes)
        : null;

    /// <summary>What an earlier block of the ledger has not decided may be forgotten here; zero at first.
    /// </summary>
    public Height DecidedAt => _store.TryGet(Meta, Key((byte)'d'), out byte[]? value)
        ? new Height(new CanonicalReader(value).U64())
        : default;

    /// <summary>All that was seen and is kept.</summary>
    public IReadOnlyList<BridgeObservation> ReadFacts() =>
        [.. Scan(Facts).Select(static row => StateCodec.Decode(row.Value, BridgeCodec.ReadObservation))];

    /// <summary>All that was sent and is kept, by nonce.</summary>
    public IReadOnlyList<SentTransaction> ReadSends() =>
        [.. Scan(Sends).Select(static row => SentTransaction.Decode(row.Value))];

    /// <summary>Keeps what a block led to, and that it was read; durable when it returns.</summary>
    public void PutHead(RemoteState state, IEnumerable<BridgeObservation> seen)
    {
        ArgumentNullException.ThrowIfNull(state);
        using IWriteBatch batch = _store.CreateBatch();
        foreach (BridgeObservation fact in seen)
        {
            batch.Put(
                Facts, FactKey(fact.Subject), StateCodec.Encode(fact, BridgeCodec.WriteObservation));
        }

        var writer = new CanonicalWriter();
        writer.U64(state.Head.Number);
        writer.Hash(state.Head.Hash);
        writer.U64(state.Burns);
        writer.Hash(state.Accumulator);
#if PLANTED
        using IWriteBatch head = _store.CreateBatch();
        head.Put(Meta, Key((byte)'h'), writer.Written);
        if (Planted.Is(PlantedBug.BridgeHeadBeforeFacts))
        { _store.Write(head, sync: true); _store.Write(batch, sync: false); return; }
#endif
        batch.Put(Meta, Key((byte)'h'), writer.Written);
        _store.Write(batch, sync: true);
    }

    /// <summary>Forgets facts that the ledger has decided, up to the height of a block.</summary>
    public void Forget(IReadOnlyCollection<BridgeSubject> decided, Height at)
    {
        using IWriteBatch batch = _store.CreateBatch();
        var writer = new CanonicalWriter();
        writer.U64(at.Value);
        batch.Put(Meta, Key((byte)'d'), writer.Written);
        foreach (BridgeSubject subject in decided)
        {
            batch.Delete(Facts, FactKey(subject));
        }

        _store.Write(batch, sync: false);
    }

    /// <summary>Keeps that the bridge halted; durable when it returns.</summary>
    public void PutHalt(string reason)
    {
        var writer = new CanonicalWriter();
        int length = Math.Min(reason.Length, ReasonBytes / 4);
        bool isCutWithin = length < reason.Length && char.IsHighSurrogate(reason[length - 1]);
        writer.Text(reason[..(isCutWithin ? length - 1 : length)]);
        using IWriteBatch batch = _store.CreateBatch();
        batch.Put(Meta, Key((byte)'x'), writer.Written);
        _store.Write(batch, sync: true);
    }

    /// <summary>Begins anew, as an operator decided: no halt, and nothing read.</summary>
    public void Reset()
    {
        using IWriteBatch batch = _store.CreateBatch();
        batch.Delete(Meta, Key((byte)'x'));
        batch.Delete(Meta, Key((byte)'h'));
        batch.Delete(Meta, Key((byte)'d'));
        foreach (KeyValue row in Scan(Facts))
        {
            batch.Delete(Facts, row.Key);
        }

        _store.Write(batch, sync: true);
    }

    /// <summary>Keeps a transaction before it is sent; durable when it returns.</summary>
    public void PutSend(SentTransaction sent)
    {
        ArgumentNullException.ThrowIfNull(sent);
        using IWriteBatch batch = _store.CreateBatch();
        batch.Put(Sends, SendKey(sent.Signed.Transaction.Nonce), sent.Encode());
        _store.Write(batch, sync: true);
    }

    /// <summary>Forgets a transaction that is final.</summary>
    public void ForgetSend(ulong nonce)
    {
        using IWriteBatch batch = _store.CreateBatch();
        batch.Delete(Sends, SendKey(nonce));
        _store.Write(batch, sync: false);
    }

    private List<KeyValue> Scan(Family family)
    {
        var rows = new List<KeyValue>();
        byte[] from = Key([]);
        byte[] to = Key([.. Enumerable.Repeat(byte.MaxValue, KeyBytes + 1)]);
        while (true)
        {
            IReadOnlyList<KeyValue> page = _store.Scan(family, from, to, PageRows);
            rows.AddRange(page);
            if (page.Count < PageRows)
            {
                return rows;
            }

            from = [.. page[^1].Key, 0];
        }
    }

    private byte[] FactKey(BridgeSubject subject)
    {
        Span<byte> rest = stackalloc byte[9];
        rest[0] = (byte)subject.Kind;
        BinaryPrimitives.WriteUInt64BigEndian(rest[1..], subject.Number);
        return Key(rest);
    }

    private byte[] SendKey(ulong nonce)
    {
        Span<byte> rest = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(rest, nonce);
        return Key(rest);
    }

    private byte[] Key(params ReadOnlySpan<byte> rest)
    {
        byte[] key = new byte[8 + rest.Length];
        BinaryPrimitives.WriteUInt64BigEndian(key, _chainId);
        rest.CopyTo(key.AsSpan(8));
        return key;
    }
}
