// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Collections;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Proofs;

/// <summary>
/// A proof as a JSON file that people keep and hand on: exactly one of three kinds. Strings and lists of
/// strings only: bytes in lower-case hexadecimal, numbers in decimal, so that one proof has one spelling of
/// each field. It is read, not verified. Immutable as long as the message in it is left alone.
/// </summary>
public sealed record ProofBundle
{
    /// <summary>Longest file, in bytes: a genesis of 100,000 accounts in hexadecimal, and room.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const string Format = "tokenledger-proof/3";

    // What the text of an address, a symbol, a number or a kind cannot exceed.
    private const int MaxText = 64;

    // The state tree's depth bounds its longest path; a list's is shorter.
    private const int MaxPath = Limits.StateTreeDepth;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    private static readonly SearchValues<char> LowerHexDigits = SearchValues.Create("0123456789abcdef");

    private ProofBundle()
    {
    }

    /// <summary>The proof of a balance, or null.</summary>
    public BalanceProof? Balance { get; private init; }

    /// <summary>The proof of a supply, or null.</summary>
    public SupplyProof? Supply { get; private init; }

    /// <summary>The proof of an event, or null.</summary>
    public EventProof? Event { get; private init; }

    /// <summary>The bundle of a balance's proof.</summary>
    public static ProofBundle Of(BalanceProof proof) => new() { Balance = proof };

    /// <summary>The bundle of a supply's proof.</summary>
    public static ProofBundle Of(SupplyProof proof) => new() { Supply = proof };

    /// <summary>The bundle of an event's proof.</summary>
    public static ProofBundle Of(EventProof proof) => new() { Event = proof };

    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="StrictJsonException">They are no bundle.</exception>
    public static ProofBundle Read(ReadOnlyMemory<byte> utf8) =>
        StrictJson.Read(utf8, MaxBytes, static root => root.Object(Read));

    /// <summary>The file's bytes: indented, with a line feed at the end.</summary>
    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            Write(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json)
    {
        if (Balance is { } balance)
        {
            json.WriteString("kind", "balance");
            Write(json, balance.Genesis, balance.Header, balance.Certificate);
            Write(json, "account", balance.Account);
            Write(json, balance.Asset, balance.Amount, balance.StateProof);
            Write(json, "assetState", balance.AssetState);
            Write(json, "assetProof", balance.AssetProof);
        }
        else if (Supply is { } supply)
        {
            json.WriteString("kind", "supply");
            Write(json, supply.Genesis, supply.Header, supply.Certificate);
            Write(json, supply.Asset, supply.Amount, supply.StateProof);
            Write(json, "assetState", supply.AssetState);
            Write(json, "assetProof", supply.AssetProof);
        }
        else if (Event is { } one)
        {
            json.WriteString("kind", "event");
            Write(json, one.Genesis, one.Header, one.Certificate);
            Write(json, "descendants", one.Descendants);
            json.WriteString("index", one.Index.ToString(CultureInfo.InvariantCulture));
            json.WriteString("count", one.Count.ToString(CultureInfo.InvariantCulture));
            Write(json, "event", one.Event);
            Write(json, "path", one.Path);
        }
    }

    private static void Write(
        Utf8JsonWriter json, ByteString genesis, ByteString header, ByteString certificate)
    {
        Write(json, "genesis", genesis);
        Write(json, "header", header);
        Write(json, "certificate", certificate);
    }

    private static void Write(Utf8JsonWriter json, string asset, string amount, ByteString stateProof)
    {
        json.WriteString("asset", asset);
        json.WriteString("amount", amount);
        Write(json, "stateProof", stateProof);
    }

    private static void Write(Utf8JsonWriter json, string key, ByteString bytes) =>
        json.WriteString(key, Convert.ToHexStringLower(bytes.Span));

    private static void Write(Utf8JsonWriter json, string key, RepeatedField<ByteString> items)
    {
        json.WriteStartArray(key);
        foreach (ByteString item in items)
        {
            json.WriteStringValue(Convert.ToHexStringLower(item.Span));
        }

        json.WriteEndArray();
    }

    private static ProofBundle Read(StrictObject file)
    {
        StrictValue format = file.Required("format");
        if (format.Text(MaxText) != Format)
        {
            throw format.Unexpected($"\"{Format}\"");
        }

        StrictValue kind = file.Required("kind");
        return kind.Text(MaxText) switch
        {
            "balance" => Of(ReadBalance(file)),
            "supply" => Of(ReadSupply(file)),
            "event" => Of(ReadEvent(file)),
            _ => throw kind.Unexpected("balance, supply or event"),
        };
    }

    private static BalanceProof ReadBalance(StrictObject file) => new()
    {
        Genesis = Bytes(file.Required("genesis")),
        Header = Bytes(file.Required("header")),
        Certificate = Bytes(file.Required("certificate")),
        Account = Bytes(file.Required("account")),
        Asset = file.Required("asset").Asset().ToString(),
        Amount = file.Required("amount").Amount().ToString(),
        StateProof = Bytes(file.Required("stateProof")),
        AssetState = Bytes(file.Required("assetState")),
        AssetProof = Bytes(file.Required("assetProof")),
    };

    private static SupplyProof ReadSupply(StrictObject file) => new()
    {
        Genesis = Bytes(file.Required("genesis")),
        Header = Bytes(file.Required("header")),
        Certificate = Bytes(file.Required("certificate")),
        Asset = file.Required("asset").Asset().ToString(),
        Amount = file.Required("amount").Amount().ToString(),
        StateProof = Bytes(file.Required("stateProof")),
        AssetState = Bytes(file.Required("assetState")),
        AssetProof = Bytes(file.Required("assetProof")),
    };

    private static EventProof ReadEvent(StrictObject file)
    {
        var proof = new EventProof
        {
            Genesis = Bytes(file.Required("genesis")),
            Header = Bytes(file.Required("header")),
            Certificate = Bytes(file.Required("certificate")),
            Index = Number(file.Required("index")),
            Count = Number(file.Required("count")),
            Event = Bytes(file.Required("event")),
        };
        proof.Descendants.AddRange(List(file.Required("descendants"), Limits.SyncUncertifiedBlocks));
        proof.Path.AddRange(List(file.Required("path"), MaxPath));
        return proof;
    }

    private static ImmutableArray<ByteString> List(StrictValue value, int max) => value.List(max, Bytes);

    /// <summary>One spelling: an even number of digits, the letters in lower case.</summary>
    private static ByteString Bytes(StrictValue value)
    {
        string text = value.Text(MaxBytes);
        return text.Length % 2 == 0 && !text.AsSpan().ContainsAnyExcept(LowerHexDigits)
            ? ByteString.CopyFrom(Convert.FromHexString(text))
            : throw value.Unexpected("an even number of hexadecimal digits in lower case");
    }

    private static uint Number(StrictValue value)
    {
        UInt128 number = value.Wide();
        return number <= uint.MaxValue ? (uint)number : throw value.Unexpected("a number below 2^32");
    }
}
