// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Protocol.Wire;

namespace TokenLedger.Cli.Views;

/// <summary>Verifies a proof of any kind and shows what it proves.</summary>
internal static class ProofView
{
    /// <summary>Shows a proof that holds.</summary>
    /// <exception cref="CliException">It does not hold: PROOF_INVALID.</exception>
    public static void Show(Session session, ProofBundle bundle, Hash256 trusted, string source)
    {
        var scheme = new Secp256k1Scheme();
        string failure = "It is of no kind.";
        Shown? shown =
            bundle.Balance is { } balance
                ? BalanceProofVerifier.Verify(balance, trusted, scheme, out failure) is { } b
                    ? Balance(session, b)
                    : null
            : bundle.Supply is { } supply
                ? SupplyProofVerifier.Verify(supply, trusted, scheme, out failure) is { } s
                    ? Supply(s)
                    : null
            : bundle.Event is { } one
                ? EventProofVerifier.Verify(one, trusted, scheme, out failure) is { } e
                    ? Event(session, e)
                    : null
            : null;
        if (shown is null)
        {
            throw new CliException(
                "PROOF_INVALID", ExitCode.VerificationFailed, "NOT VERIFIED: the proof does not hold.",
                failure, "Do not trust its source; fetch it from another node: tl proof get --endpoint URL");
        }

        var json = new JsonObject
        {
            ["verified"] = true,
            ["trustedGenesis"] = trusted.ToString(),
            ["trustedFrom"] = source,
            ["network"] = shown.Network,
        };
        foreach ((string key, JsonNode? value) in shown.Json.ToArray())
        {
            shown.Json.Remove(key);
            json[key] = value;
        }

        session.Output.Detail(
            json,
            [
                ("VERIFIED", $"{shown.Signers} of {shown.Validators} validators signed it"),
                ("trusted genesis", $"{trusted} (from {source})"), ("network", shown.Network),
                .. shown.Lines,
            ]);
    }

    private static Shown Balance(Session session, VerifiedBalance v) => new(
        v.NetworkName, v.Signers, v.Validators,
        new JsonObject
        {
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
        [
            ("account", session.Addresses.NameAndAddress(v.Account)),
            ("asset", v.Asset.ToString()),
            ("balance", AmountText.Grouped(v.Amount, v.Decimals)),
            ("height", HeightAndTime(v.Height, v.Time)),
            ("state root", v.StateRoot.ToString()),
        ]);

    private static Shown Supply(VerifiedSupply v) => new(
        v.NetworkName, v.Signers, v.Validators,
        new JsonObject
        {
            ["asset"] = v.Asset.ToString(),
            ["supply"] = v.Amount.ToString(),
            ["decimals"] = v.Decimals,
            ["height"] = v.Height.Value,
            ["time"] = Times.Iso(v.Time.Value),
            ["stateRoot"] = v.StateRoot.ToString(),
            ["signers"] = v.Signers,
            ["validators"] = v.Validators,
        },
        [
            ("asset", v.Asset.ToString()),
            ("supply", AmountText.Grouped(v.Amount, v.Decimals)),
            ("height", HeightAndTime(v.Height, v.Time)),
            ("state root", v.StateRoot.ToString()),
        ]);

    private static Shown Event(Session session, VerifiedEvent v)
    {
        // The id of the transaction is not a part of what was proved; its place in the block is.
        Event wire = EventMapper.ToWire(v.Record.Event, v.Height, v.Time, (uint)v.Index, null);
        JsonObject json = EventView.ToJson(wire);
        json.Remove("transactionId");
        bool own = v.Record.TransactionIndex == EventRecord.Housekeeping;
        return new Shown(
            v.NetworkName, v.Signers, v.Validators,
            new JsonObject
            {
                ["event"] = json,
                ["transactionIndex"] = own ? null : v.Record.TransactionIndex,
                ["height"] = v.Height.Value,
                ["time"] = Times.Iso(v.Time.Value),
                ["index"] = v.Index,
                ["count"] = v.Count,
                ["eventsRoot"] = v.EventsRoot.ToString(),
                ["signers"] = v.Signers,
                ["validators"] = v.Validators,
            },
            [
                ("event", $"{EventView.Name(wire)}, number {v.Index} of 0 to {v.Count - 1}"),
                .. EventView.Facts(wire).Where(static fact => fact.Text.Length > 0).Select(fact =>
                    (OperationView.Snake(fact.Key).Replace('_', ' '), Text(session, fact))),
                ("caused by", own ? "the block's own work" : $"transaction {v.Record.TransactionIndex}"),
                ("height", HeightAndTime(v.Height, v.Time)),
                ("events root", v.EventsRoot.ToString()),
            ]);
    }

    private static string Text(Session session, Fact fact) => fact.Kind switch
    {
        FactKind.Amount => fact.Text + " atomic units",
        FactKind.Address when Address.TryParse(fact.Text, out Address address) =>
            session.Addresses.NameAndAddress(address),
        _ => fact.Text,
    };

    private static string HeightAndTime(Height height, TimestampMs time) =>
        $"{height}, {Times.Human(time.Value)} UTC";

    private sealed record Shown(
        string Network, int Signers, int Validators, JsonObject Json,
        IReadOnlyList<(string Label, string Value)> Lines);
}
