// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;

namespace TokenLedger.Mesh.Requests;

/// <summary>An asset as a client names it.</summary>
/// <param name="Asset">Its symbol.</param>
/// <param name="Decimals">Digits after the point; whether they are right, the ledger knows.</param>
internal readonly record struct Currency(AssetId Asset, int Decimals);

/// <summary>A part of a block's identifier, or all of it.</summary>
internal readonly record struct BlockName(ulong? Index, Hash256? Hash);

/// <summary>Parts that many requests have. All of them are strict.</summary>
internal static class Fields
{
    private const int MaxText = 256;

    /// <summary>An account: an address with its checksum, and nothing else.</summary>
    public static Address Account(StrictValue value) => value.Object(static account =>
    {
        if (account.TryGet("sub_account", out StrictValue sub))
        {
            throw new MeshException(MeshError.SubAccountUnsupported, $"{sub.Path} names a sub-account.");
        }

        // It is a part of an account's identity where names are no keys; here an address is all of it.
        AnyObject(account, "metadata");
        return Address(account.Required("address"));
    });

    /// <summary>
    /// An address in its one spelling. Lower case names the same account, but what is not compared by text
    /// does not reconcile, and nothing would guard it against a slip.
    /// </summary>
    public static Address Address(StrictValue value)
    {
        string text = value.Text(MaxText);
        return Eip55.Parse(text, out Address address) == AddressText.Checksummed
            ? address
            : throw new MeshException(
                MeshError.AddressInvalid,
                $"{value.Path} is not an address in its checked form" + (address.IsZero
                    ? ". A tag goes into the metadata of the operation."
                    : $"; this one is written {Eip55.Format(address)}."));
    }

    /// <summary>A currency: symbol and decimals; metadata, and the asset's id in it, may be left
    /// out.</summary>
    public static Currency Currency(StrictValue value) => value.Object(static currency =>
    {
        AssetId asset = currency.Required("symbol").Asset();
        ulong decimals = currency.Required("decimals").Number(0, Limits.AssetDecimals);
        if (currency.TryGet("metadata", out StrictValue metadata))
        {
            AssetId? id = metadata.Object<AssetId?>(static members =>
                members.TryGet("asset_id", out StrictValue named) ? named.Asset() : null);
            if (id is { } other && other != asset)
            {
                throw new MeshException(
                    MeshError.CurrencyUnknown, $"{metadata.Path} is of {other}, and the symbol of {asset}.");
            }
        }

        return new Currency(asset, (int)decimals);
    });

    /// <summary>What may stand instead of a whole block identifier.</summary>
    public static BlockName PartialBlock(StrictValue value) => value.Object(static block => new BlockName(
        block.TryGet("index", out StrictValue index) ? index.Number(0, long.MaxValue) : null,
        block.TryGet("hash", out StrictValue hash) ? hash.Hash() : null));

    /// <summary>A transaction's identifier, in the ledger's spelling of hashes.</summary>
    public static Hash256 TransactionId(StrictObject request) => request.Required("transaction_identifier")
        .Object(static id => id.Required("hash").Hash());

    /// <summary>Bytes in hexadecimal digits, without 0x.</summary>
    public static byte[] Hex(StrictValue value, int maxBytes)
    {
        string text = value.Text(2 * maxBytes);
        return text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : throw value.Unexpected("bytes in hexadecimal digits, two for each");
    }

    /// <summary>A number of 64 bits as text, which JSON's readers lose no digit of.</summary>
    public static ulong Wide(StrictValue value)
    {
        UInt128 wide = value.Wide();
        return wide <= ulong.MaxValue
            ? (ulong)wide
            : throw value.Unexpected($"a decimal string, 0 to {ulong.MaxValue}");
    }

    /// <summary>A request id: a UUID in lower case.</summary>
    public static RequestName RequestId(StrictValue value)
    {
        string text = value.Text(MaxText);
        return Guid.TryParseExact(text, "D", out Guid id) && id.ToString("D") == text
            ? new RequestName(id)
            : throw value.Unexpected("a UUID in lower case, such as 0191e2a4-5c1d-7f3e-8a52-9d6b1f0c4e77");
    }

    /// <summary>Takes a member that may be there and says nothing here: an object, whatever is in
    /// it.</summary>
    public static void AnyObject(StrictObject from, string name)
    {
        if (from.TryGet(name, out StrictValue value))
        {
            value.Object(static members =>
            {
                foreach (string member in members.Keys.ToArray())
                {
                    members.TryGet(member, out _);
                }

                return 0;
            });
        }
    }

    /// <summary>Takes a member as known, whatever it holds.</summary>
    public static void Ignore(StrictObject from, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            from.TryGet(name, out _);
        }
    }

    /// <summary>A number as text.</summary>
    public static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A client's own name for a request, as a UUID.</summary>
internal readonly record struct RequestName(Guid Id)
{
    /// <summary>The same as the ledger has it.</summary>
    public Core.Ledger.RequestId ToLedger()
    {
        Span<byte> bytes = stackalloc byte[Limits.RequestIdBytes];
        Id.TryWriteBytes(bytes, bigEndian: true, out _);
        return new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>The same from the ledger's.</summary>
    public static RequestName Of(Core.Ledger.RequestId id)
    {
        Span<byte> bytes = stackalloc byte[Limits.RequestIdBytes];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, id.Value);
        return new(new Guid(bytes, bigEndian: true));
    }

    /// <summary>Lower case with dashes.</summary>
    public override string ToString() => Id.ToString("D");
}
