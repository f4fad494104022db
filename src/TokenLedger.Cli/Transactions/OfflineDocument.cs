// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using CreateAsset = TokenLedger.Core.Ledger.CreateAsset;
using Proofs = TokenLedger.Cli.Network.AssetProofs;
using Propose = TokenLedger.Core.Ledger.Propose;
using SignedTransaction = TokenLedger.Core.Ledger.SignedTransaction;
using Transaction = TokenLedger.Core.Ledger.Transaction;

namespace TokenLedger.Cli.Transactions;

/// <summary>
/// A transaction on its way between machines: <c>{ "format", "network", "body", "digest", "transactionId",
/// "decoded",
/// "assetProofs", "signature" }</c>. Only the body counts; everything else is computed from it again and must
/// agree. What a whole unit is, no body says: it follows from the proofs, which are checked without a
/// network.
/// </summary>
internal sealed record OfflineDocument
{
    private const string Format = "tokenledger-transaction/2";
    private const int MaxBytes = 16 * 1024 * 1024;

    public required NetworkIdentity Network { get; init; }

    /// <summary>The canonical protobuf body.</summary>
    public required byte[] Body { get; init; }

    /// <summary>What the body says.</summary>
    public required Transaction Transaction { get; init; }

    /// <summary>Balance proofs of the network, one for an asset that the body has amounts of; they may be
    /// missing or false.</summary>
    public ImmutableArray<BalanceProof> AssetProofs { get; init; } = [];

    /// <summary>65 bytes; null before signing.</summary>
    public byte[]? Signature { get; init; }

    public Hash256 Digest => Network.Digest.Of(Body);

    public SignedTransaction Signed => new([.. Body], [.. Signature ?? []]);

    public Hash256 TransactionId => Signed.IdOn(Network.GenesisHash);

    public static OfflineDocument Of(
        NetworkIdentity network, Transaction transaction, ImmutableArray<BalanceProof> assetProofs) =>
        new()
        {
            Network = network,
            Body = TransactionMapper.Encode(transaction),
            Transaction = transaction,
            AssetProofs = assetProofs,
        };

    /// <summary>Reads a file and checks that all of it says the same as its body.</summary>
    /// <exception cref="CliException">It is none, or something in it says another thing than the
    /// body.</exception>
    public static OfflineDocument Load(Session session, string file) =>
        Read(InputFile.Text(session, file, MaxBytes));

    /// <summary>Reads and checks a document's text.</summary>
    /// <exception cref="CliException">It is none, or its parts do not agree.</exception>
    public static OfflineDocument Read(string text)
    {
        try
        {
            return Read(JsonInput.Object(text));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException
            or ArgumentOutOfRangeException)
        {
            // The last is a number whose exponent is too large to be compared.
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
            ["assetProofs"] = new JsonArray([.. AssetProofs.Select(BalanceProofJson.Write)]),
        };
        if (Signature is not null)
        {
            json["signature"] = Convert.ToHexStringLower(Signature);
        }

        return json;
    }

    /// <summary>The file with the decimals that its proofs show; null for an asset of which they show
    /// none.</summary>
    public JsonObject ToInspectedJson()
    {
        Decimals decimals = ProvedDecimals(out _);
        var places = new JsonObject();
        foreach (string asset in AssetsOf(Transaction))
        {
            places[asset] = decimals.Of(asset);
        }

        JsonObject json = ToJson();
        json["decimals"] = places;
        return json;
    }

    /// <summary>The amounts of the body, for a question that hangs on them.</summary>
    public string Amounts()
    {
        const int Shown = 3;
        Decimals decimals = ProvedDecimals(out _);
        string[] amounts =
        [
            .. OperationView.AmountsOf(Transaction.Operations)
                .Select(f => $"{f.Asset} {decimals.ShowWithBasis(f.Asset, f.Text)}"),
        ];
        return string.Join("; ", amounts.Take(Shown))
            + (amounts.Length > Shown ? $"; and {amounts.Length - Shown} more" : "");
    }

    /// <param name="addresses">Names of accounts.</param>
    /// <param name="vouched">Whether anything but the file says which network it is for.</param>
    public IEnumerable<(string Label, string Value)> Lines(AddressBook addresses, bool vouched)
    {
        yield return ("network", $"{Network.Name}, chain id {Network.ChainId}");
        yield return ("genesis hash", Network.GenesisHash + (vouched ? "" : " (only the file says so)"));
        Decimals decimals = ProvedDecimals(out IReadOnlyList<string> unproved);
        foreach ((string, string) line in TransactionView.Lines(Transaction, addresses, decimals))
        {
            yield return line;
        }

        foreach (string why in unproved)
        {
            yield return ("not proved", why);
        }

        yield return ("transaction", TransactionId.ToString());
        yield return ("digest", Digest.ToString());
        yield return ("signed", Signature is null ? "no" : "yes");
    }

    /// <summary>Decimals that the file's proofs show to whoever trusts its genesis hash, and those of
    /// assets that the body creates itself.</summary>
    /// <param name="unproved">A sentence for each asset whose amounts can only be read in atomic
    /// units.</param>
    public Decimals ProvedDecimals(out IReadOnlyList<string> unproved)
    {
        var decimals = new Decimals();
        var missing = new List<string>();
        Dictionary<string, CreateAsset> created = Transaction.Operations.OfType<Propose>()
            .SelectMany(p => p.Payload).OfType<CreateAsset>()
            .GroupBy(c => c.Definition.Id.ToString())
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (string asset in AssetsOf(Transaction))
        {
            BalanceProof? proof = AssetProofs.FirstOrDefault(p => p.Asset == asset);
            ProvenAsset? proven = Proofs.Check(
                proof, AssetId.Parse(asset), Network.GenesisHash, out string failure);
            if (proven is not null)
            {
                decimals.SetProved(asset, proven.Decimals);
            }
            else if (created.TryGetValue(asset, out CreateAsset? create))
            {
                decimals.SetCreated(create);
            }
            else
            {
                missing.Add($"The decimals of {asset}: its amounts are atomic units. {failure}");
            }
        }

        unproved = missing;
        return decimals;
    }

    /// <summary>Requires that the file is of the network that the context pins, and of the one that was
    /// named.</summary>
    /// <param name="session">With or without a context.</param>
    /// <param name="genesis">What --genesis says; null when it was not passed.</param>
    /// <returns>Whether anything but the file itself says which network it is for.</returns>
    /// <exception cref="CliException">It is of another: WRONG_NETWORK.</exception>
    public bool RequireNetwork(Session session, Hash256? genesis)
    {
        bool pinned = session.Context?.GenesisHash is not null;
        if (pinned)
        {
            NetworkIdentity.Pinned(session.Context).Require(Network);
        }

        if (genesis is { } named && named != Network.GenesisHash)
        {
            throw new CliException(
                "WRONG_NETWORK", ExitCode.VerificationFailed,
                "The file is of another network: its genesis hash is not that of --genesis.",
                $"File: {Network.GenesisHash}. --genesis: {named}. Nothing was signed, sent or believed.",
                "Build it again with a context of the right network: tl tx build --help");
        }

        return pinned || genesis is not null;
    }

    private static IEnumerable<string> AssetsOf(Transaction transaction) =>
        OperationView.AssetsOf(transaction.Operations).Distinct(StringComparer.Ordinal);

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
        Transaction transaction = Decode(body);
        JsonArray proofs = json["assetProofs"]?.AsArray() ?? [];
        if (proofs.Count > AssetsOf(transaction).Count())
        {
            throw Malformed("It has more proofs than assets.");
        }

        var document = new OfflineDocument
        {
            Network = new NetworkIdentity((string?)network["name"] ?? "", chainId, genesis),
            Body = body,
            Transaction = transaction,
            AssetProofs = [.. proofs.Select(BalanceProofJson.Read)],
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
                "Somebody changed one of them. Nothing was signed or sent.",
                "Look at what the body says: tl tx decode HEX; then build it again.");
        }
    }

    private static CliException Malformed(string why) => new(
        "MALFORMED", ExitCode.Usage, "The file is not a transaction of tl tx build.", why,
        "tl tx build --help");
}
