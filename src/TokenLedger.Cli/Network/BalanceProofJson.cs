// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Network;

/// <summary>A balance's proof as JSON, its parts in hexadecimal.</summary>
internal static class BalanceProofJson
{
    private const string Format = "tokenledger-balance-proof/2";

    public static JsonObject Write(BalanceProof proof) => new()
    {
        ["format"] = Format,
        ["account"] = Convert.ToHexStringLower(proof.Account.Span),
        ["asset"] = proof.Asset,
        ["amount"] = proof.Amount,
        ["genesis"] = Convert.ToHexStringLower(proof.Genesis.Span),
        ["header"] = Convert.ToHexStringLower(proof.Header.Span),
        ["certificate"] = Convert.ToHexStringLower(proof.Certificate.Span),
        ["stateProof"] = Convert.ToHexStringLower(proof.StateProof.Span),
        ["assetState"] = Convert.ToHexStringLower(proof.AssetState.Span),
        ["assetProof"] = Convert.ToHexStringLower(proof.AssetProof.Span),
    };

    /// <exception cref="CliException">It is none.</exception>
    public static BalanceProof Read(string text)
    {
        try
        {
            return Read(JsonInput.Object(text));
        }
        catch (JsonException e)
        {
            throw Malformed(e.Message);
        }
    }

    /// <exception cref="CliException">It is none.</exception>
    public static BalanceProof Read(JsonNode? node)
    {
        try
        {
            JsonObject json = node?.AsObject() ?? throw Malformed("It is empty.");
            if ((string?)json["format"] != Format)
            {
                throw Malformed($"Its format is not {Format}.");
            }

            return new BalanceProof
            {
                Account = Bytes(json, "account"),
                Asset = (string?)json["asset"] ?? "",
                Amount = (string?)json["amount"] ?? "",
                Genesis = Bytes(json, "genesis"),
                Header = Bytes(json, "header"),
                Certificate = Bytes(json, "certificate"),
                StateProof = Bytes(json, "stateProof"),
                AssetState = Bytes(json, "assetState"),
                AssetProof = Bytes(json, "assetProof"),
            };
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw Malformed(e.Message);
        }
    }

    private static ByteString Bytes(JsonObject json, string key) =>
        ByteString.CopyFrom(Convert.FromHexString((string?)json[key] ?? ""));

    private static CliException Malformed(string why) =>
        new(
            "PROOF_MALFORMED", ExitCode.VerificationFailed, "The file is not a balance proof.", why,
            "tl proof get --help");
}
