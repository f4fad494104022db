// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Storage;

namespace TokenLedger.Explorer.Index.Embedded;

/// <summary>
/// Families and keys of the embedded index. README.md of this project shows the bytes. Integers are
/// big-endian; a number with ~ in front is inverted, so that ascending order is newest, or most, first.
/// </summary>
internal static class IndexFormat
{
    /// <summary>
    /// Version of all families, keys and rows. A change of any byte is a new version, and the index is made
    /// anew from the chain.
    /// </summary>
    public const uint SchemaVersion = 3;

    public static readonly Family Meta = new(0, "meta");
    public static readonly Family Blocks = new(1, "blocks");
    public static readonly Family Hashes = new(2, "hashes");
    public static readonly Family Transactions = new(3, "transactions");
    public static readonly Family TransactionIds = new(4, "ids");
    public static readonly Family Events = new(5, "events");
    public static readonly Family Postings = new(6, "postings");
    public static readonly Family Balances = new(7, "balances");
    public static readonly Family Past = new(8, "past");
    public static readonly Family Holders = new(9, "holders");
    public static readonly Family Accounts = new(10, "accounts");
    public static readonly Family Frozen = new(11, "frozen");
    public static readonly Family Assets = new(12, "assets");
    public static readonly Family Documents = new(13, "documents");
    public static readonly Family Institutions = new(14, "institutions");
    public static readonly Family Officers = new(15, "officers");
    public static readonly Family Members = new(16, "members");
    public static readonly Family Proposals = new(17, "proposals");
    public static readonly Family Approvals = new(18, "approvals");
    public static readonly Family Freezes = new(19, "freezes");
    public static readonly Family Days = new(20, "days");
    public static readonly Family Search = new(21, "search");
    public static readonly Family Supplies = new(22, "supplies");
    public static readonly Family HeldEver = new(23, "held");
    public static readonly Family Lanes = new(24, "lanes");
    public static readonly Family Bridge = new(25, "bridge");

    public static readonly byte[] SchemaKey = [1];
    public static readonly byte[] GenesisKey = [2];
    public static readonly byte[] CursorKey = [3];

    /// <summary>The families that the database is opened with, in this order.</summary>
    public static ImmutableArray<Family> Families { get; } =
    [
        Meta, Blocks, Hashes, Transactions, TransactionIds, Events, Postings, Balances, Past, Holders,
        Accounts, Frozen, Assets, Documents, Institutions, Officers, Members, Proposals, Approvals, Freezes,
        Days, Search, Supplies, HeldEver, Lanes, Bridge,
    ];

    /// <summary>height.</summary>
    public static byte[] Block(Height height) => Key(8, height, static (w, h) => w.U64(h.Value));

    /// <summary>height ‖ index.</summary>
    public static byte[] Place(EventPlace place) => Key(12, place, static (w, p) =>
    {
        w.U64(p.Height.Value);
        w.U32(p.Index);
    });

    /// <summary>account ‖ ~height ‖ ~event ‖ kind.</summary>
    public static byte[] Posting(Address account, EventPlace place, PostingKind kind) =>
        Key(33, (account, place, kind), static (w, k) =>
        {
            w.Address(k.account);
            w.U64(~k.place.Height.Value);
            w.U32(~k.place.Index);
            w.U8((byte)k.kind);
        });

    /// <summary>account ‖ asset.</summary>
    public static byte[] Balance(Address account, AssetId asset) =>
        Key(36, (account, asset), static (w, k) =>
        {
            w.Address(k.account);
            w.Asset(k.asset);
        });

    /// <summary>account ‖ asset ‖ ~height.</summary>
    public static byte[] PastBalance(Address account, AssetId asset, Height height) =>
        Key(44, (account, asset, height), static (w, k) =>
        {
            w.Address(k.account);
            w.Asset(k.asset);
            w.U64(~k.height.Value);
        });

    /// <summary>asset ‖ ~amount ‖ account.</summary>
    public static byte[] Holder(AssetId asset, Amount amount, Address account) =>
        Key(52, (asset, amount, account), static (w, k) =>
        {
            w.Asset(k.asset);
            w.U128(~k.amount.Units);
            w.Address(k.account);
        });

    /// <summary>asset ‖ account.</summary>
    public static byte[] Held(AssetId asset, Address account) =>
        Key(36, (asset, account), static (w, k) =>
        {
            w.Asset(k.asset);
            w.Address(k.account);
        });

    /// <summary>asset ‖ ~height.</summary>
    public static byte[] Supply(AssetId asset, Height height) => Key(24, (asset, height), static (w, k) =>
    {
        w.Asset(k.asset);
        w.U64(~k.height.Value);
    });

    /// <summary>asset.</summary>
    public static byte[] Asset(AssetId asset) => Key(16, asset, static (w, a) => w.Asset(a));

    /// <summary>asset ‖ index.</summary>
    public static byte[] Document(AssetId asset, ushort index) => Key(18, (asset, index), static (w, k) =>
    {
        w.Asset(k.asset);
        w.U16(k.index);
    });

    /// <summary>institution ‖ officer.</summary>
    public static byte[] Member(Address institution, Address officer) =>
        [.. institution.ToArray(), .. officer.ToArray()];

    /// <summary>~id.</summary>
    public static byte[] Proposal(ulong id) => Key(8, id, static (w, number) => w.U64(~number));

    /// <summary>proposal ‖ height ‖ event.</summary>
    public static byte[] Approval(ulong proposal, EventPlace place) =>
        [.. Key(8, proposal, static (w, number) => w.U64(number)), .. Place(place)];

    /// <summary>chain.</summary>
    public static byte[] Lane(ulong chain) => Key(8, chain, static (w, number) => w.U64(number));

    /// <summary>~height ‖ ~event.</summary>
    public static byte[] Freeze(EventPlace place) => Key(12, place, static (w, p) =>
    {
        w.U64(~p.Height.Value);
        w.U32(~p.Index);
    });

    /// <summary>asset ‖ ~day.</summary>
    public static byte[] Day(AssetId asset, uint day) => Key(20, (asset, day), static (w, k) =>
    {
        w.Asset(k.asset);
        w.U32(~k.day);
    });

    /// <summary>term ‖ 0 ‖ kind ‖ target; terms have no zero in them.</summary>
    public static byte[] Term(SearchTerm term) =>
    [
        .. Encoding.UTF8.GetBytes(term.Text), 0, (byte)term.Kind, .. Encoding.UTF8.GetBytes(term.Target),
    ];

    /// <summary>Reads what a term's key finds.</summary>
    public static SearchHit ReadTerm(ReadOnlySpan<byte> key)
    {
        int zero = key.IndexOf((byte)0);
        return zero >= 0 && key.Length > zero + 2
            ? new SearchHit((SearchKind)key[zero + 1], Encoding.UTF8.GetString(key[(zero + 2)..]))
            : throw new CanonicalFormatException("A search term has no target.");
    }

    /// <summary>The first key behind all that begin with a prefix; empty for the end.</summary>
    public static byte[] Behind(ReadOnlySpan<byte> prefix)
    {
        int last = prefix.LastIndexOfAnyExcept((byte)0xFF);
        if (last < 0)
        {
            return [];
        }

        byte[] behind = prefix[..(last + 1)].ToArray();
        behind[last]++;
        return behind;
    }

    /// <summary>The keys that begin with hexadecimal digits, of which the last may be half a byte: the first
    /// of them, and the first behind them, empty for the end.</summary>
    public static (byte[] From, byte[] To) HexRange(string hex)
    {
        bool half = hex.Length % 2 != 0;
        byte[] from = Convert.FromHexString(half ? hex + "0" : hex);
        return (from, Behind(half ? Convert.FromHexString(hex + "f") : from));
    }

    /// <summary>The first key behind one.</summary>
    public static byte[] After(ReadOnlySpan<byte> key) => [.. key, 0];

    private static byte[] Key<T>(int size, T parts, Action<CanonicalWriter, T> write)
    {
        var writer = new CanonicalWriter(size);
        write(writer, parts);
        return writer.ToArray();
    }
}
