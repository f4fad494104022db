// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Wire;

namespace TokenLedger.Cli.Transactions;

/// <summary>
/// A transaction on its way between machines: <c>{ "format", "network", "body", "digest", "transactionId",
/// "decoded",
/// "decimals", "signature" }</c>. Only the body counts; everything else is computed from it again and must
/// agree.
/// </summary>
internal sealed record OfflineDocument
{
    private const string Format = "tokenledger-transaction/1";
    private const int MaxBytes = 1024 * 1024;

    public required NetworkIdentity Network { get; init; }

    /// <summary>The canonical protobuf body.</summary>
    public required byte[] Body { get; init; }

    /// <summary>What the body says.</summary>
    public required Transaction Transaction { get; init; }

    /// <summary>Decimals as the builder claims them: for reading only, nothing signed depends on
    /// them.</summary>
    public Decimals Decimals { get; init; } = Decimals.None;

    /// <summary>65 bytes; null before signing.</summary>
    public byte[]? Signature { get; init; }

    public Hash256 Digest => Network.Digest.Of(Body);

    public SignedTransaction Signed => new([.. Body], [.. Signature ?? []]);

    public Hash256 TransactionId => Signed.IdOn(Network.GenesisHash);

    public static OfflineDocument Of(NetworkIdentity network, Transaction transaction, Decimals decimals) =>
        new()
        {
            Network = network,
            Body = TransactionMapper.Encode(transaction),
            Transaction = transaction,
            Decimals = decimals,
        };

    /// <summary>Reads a file and checks that all of it says the same as its body.</summary>
    /// <exception cref="CliException">It is none, or something in it says another thing than the
    /// body.</exception>
    public static OfflineDocument Load(Session session, string file)
    {
        string text = InputFile.Text(session, file, MaxBytes);
        try
        {
            return Read(JsonNode.Parse(text)?.AsObject() ?? throw Malformed("It is empty."));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw Malformed(e is JsonException ? "It is no JSON." : e.Message);
        }
    }

    /// <summary>Decodes a body strictly.</summary>
    /// <exception cref="CliException">It is refused, with the ledger's code.</exception>
    public static Transaction Decode(ReadOnlySpan<byte> body)
    {
        Rejection? refused = TransactionMapper.TryDecode(body, out Transaction? transaction);
        return refused is null
            ? transaction!
            : throw new CliException(
                refused.Reason, ExitCodes.Of(refused.Code), refused.Detail,
                next: "Build it again: tl tx build --help");
    }

    public JsonObject ToJson()
    {
        var decimals = new JsonObject();
        foreach (
            string asset in OperationView.AssetsOf(Transaction.Operations).Distinct(StringComparer.Ordinal))
        {
            if (Decimals.Of(asset) is { } places)
            {
                decimals[asset] = places;
            }
        }

        var json = new JsonObject
        {
            ["format"] = Format,
            ["network"] = new JsonObject
            {
                ["name"] = Network.Name,
                ["chainId"] = Network.ChainId,
                ["genesisHash"] = Network.GenesisHash.ToString(),
            },
            ["body"] = Convert.ToHexStringLower(Body),
            ["digest"] = Digest.ToString(),
            ["transactionId"] = TransactionId.ToString(),
            ["decoded"] = TransactionView.ToJson(Transaction),
            ["decimals"] = decimals,
        };
        if (Signature is not null)
        {
            json["signature"] = Convert.ToHexStringLower(Signature);
        }

        return json;
    }

    public IEnumerable<(string Label, string Value)> Lines(AddressBook addresses)
    {
        yield return ("network", $"{Network.Name}, chain id {Network.ChainId}");
        yield return ("genesis hash", Network.GenesisHash.ToString());
        foreach ((string, string) line in TransactionView.Lines(Transaction, addresses, Decimals))
        {
            yield return line;
        }

        yield return ("transaction", TransactionId.ToString());
        yield return ("digest", Digest.ToString());
        yield return ("signed", Signature is null ? "no" : "yes");
    }

    private static OfflineDocument Read(JsonObject json)
    {
        if ((string?)json["format"] != Format)
        {
            throw Malformed($"Its format is not {Format}.");
        }

        JsonObject network = json["network"]?.AsObject() ?? throw Malformed("It names no network.");
        ulong chainId = (ulong?)network["chainId"] ?? 0;
        if (!Hash256.TryParse((string?)network["genesisHash"] ?? "", out Hash256 genesis)
            || chainId is 0 or > Limits.ChainIdMax)
        {
            throw Malformed("It names no network.");
        }

        byte[] body = Convert.FromHexString((string?)json["body"] ?? "");
        var decimals = new Decimals();
        foreach ((string asset, JsonNode? places) in json["decimals"] as JsonObject ?? [])
        {
            decimals.Set(asset, (uint?)places ?? 0);
        }

        var document = new OfflineDocument
        {
            Network = new NetworkIdentity((string?)network["name"] ?? "", chainId, genesis),
            Body = body,
            Transaction = Decode(body),
            Decimals = decimals,
            Signature = (string?)json["signature"] is { } signature ? Convert.FromHexString(signature) : null,
        };
        document.RequireAgreement(json);
        return document;
    }

    private void RequireAgreement(JsonObject json)
    {
        Require(JsonNode.DeepEquals(json["decoded"], TransactionView.ToJson(Transaction)), "decoded view");
        Require((string?)json["digest"] == Digest.ToString(), "digest");
        Require((string?)json["transactionId"] == TransactionId.ToString(), "transaction id");
    }

    private static void Require(bool agrees, string part)
    {
        if (!agrees)
        {
            throw new CliException(
                "BODY_MISMATCH", ExitCode.VerificationFailed, $"The file's {part} is not what its body says.",
                "Somebody changed one of them. Nothing was signed.",
                "Look at what the body says: tl tx decode HEX; then build it again.");
        }
    }

    private static CliException Malformed(string why) => new(
        "MALFORMED", ExitCode.Usage, "The file is not a transaction of tl tx build.", why,
        "tl tx build --help");
}
