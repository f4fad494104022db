// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl proof: a balance that anybody can check without trusting anybody.</summary>
internal static class ProofCommand
{
    public const string Name = "proof";
    public const string About = "Proofs: fetch a balance's proof, and check one offline.";

    private const int MaxBytes = 16 * 1024 * 1024;

    public static TlCommand Build() => new(
        Name, About, "tl proof get --account exchange-1 --asset GOV-BOND-2031 --out proof.json",
        "tl proof verify proof.json --genesis 9f3c...")
    {
        Get(), Verify(),
    };

    private static TlCommand Get()
    {
        Option<string> account = Inputs.Required("--account", "ACCOUNT", "Whose balance.");
        Option<string> asset = Inputs.Required("--asset", "SYMBOL", "Of which asset.");
        Option<string?> file = Inputs.Optional("--out", "FILE", "Where to write it (default: stdout).");
        return new TlCommand(
            "get", "Fetches a balance with all that is needed to check it offline.",
            "tl proof get --account exchange-1 --asset GOV-BOND-2031 --out proof.json")
            { account, asset, file }
            .Does(async (session, token) =>
            {
                var request = new GetBalanceProofRequest
                {
                    Account =
                        ByteString.CopyFrom(session.Addresses.Resolve(session.Value(account)).ToArray()),
                    Asset = Inputs.Asset(session.Value(asset)).ToString(),
                };
                GetBalanceProofResponse response = await session.Connection.ReadAsync(
                    (node, call) => node.Queries.GetBalanceProofAsync(request, call), token);
                string text = JsonText.Indented(BalanceProofJson.Write(response.Proof)) + "\n";
                if (session.Value(file) is not { } path)
                {
                    session.Output.Raw(text);
                    return;
                }

                path = session.Environment.FullPath(path);
                await File.WriteAllTextAsync(path, text, token);
                session.Talk.Say($"Written to {path}. Check it: tl proof verify {path} --genesis HASH");
            });
    }

    private static TlCommand Verify()
    {
        var file = new Argument<string>("file") { Description = "The proof; '-' for stdin." };
        Option<string?> genesis = Inputs.Optional(
            "--genesis", "HASH", "The network's genesis hash as published (default: the context's).");
        return new TlCommand(
            "verify", "Checks a proof offline: signatures, header, paths, balance. Exit 9 when it fails.",
            "tl proof verify proof.json --genesis 9f3c...") { file, genesis }
            .Does((session, _) =>
            {
                string? given = session.Value(genesis);
                Hash256 trusted = given is not null
                    ? Inputs.Hash(given, "--genesis")
                    : session.Context?.GenesisHash ?? throw CliException.Usage(
                        "Nothing says which genesis to trust.", next: "Pass --genesis HASH.");
                BalanceProof proof =
                    BalanceProofJson.Read(InputFile.Text(session, session.Value(file), MaxBytes));
                VerifiedBalance? verified = BalanceProofVerifier.Verify(
                    proof, trusted, new Secp256k1Scheme(), out string failure);
                Show(session, verified ?? throw new CliException(
                    "PROOF_INVALID", ExitCode.VerificationFailed, "NOT VERIFIED: the proof does not hold.",
                    failure,
                    "Do not trust its source; fetch it from another node: tl proof get --endpoint URL"),
                    trusted, given is not null ? "--genesis" : $"context {session.Context?.Name}");
                return Task.CompletedTask;
            });
    }

    private static void Show(
        Session session, VerifiedBalance v, Hash256 trusted, string source) => session.Output.Detail(
        new JsonObject
        {
            ["verified"] = true,
            ["trustedGenesis"] = trusted.ToString(),
            ["trustedFrom"] = source,
            ["network"] = v.NetworkName,
            ["account"] = Eip55.Format(v.Account),
            ["asset"] = v.Asset.ToString(),
            ["amount"] = v.Amount.ToString(),
            ["decimals"] = v.Decimals,
            ["height"] = v.Height.Value,
            ["time"] = Times.Iso(v.Time.Value),
            ["stateRoot"] = v.StateRoot.ToString(),
            ["signers"] = v.Signers,
            ["validators"] = v.Validators,
        },
        ("VERIFIED", $"{v.Signers} of {v.Validators} validators signed it"),
        ("trusted genesis", $"{trusted} (from {source})"),
        ("network", v.NetworkName),
        ("account", session.Addresses.NameAndAddress(v.Account)),
        ("asset", v.Asset.ToString()),
        ("balance", AmountText.Grouped(v.Amount, v.Decimals)),
        ("height", $"{v.Height}, {Times.Human(v.Time.Value)} UTC"),
        ("state root", v.StateRoot.ToString()));
}
