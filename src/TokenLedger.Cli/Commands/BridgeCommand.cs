// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Cli.Views;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Bridge.V1;
using Lock = TokenLedger.Protocol.Bridge.V1.Lock;

namespace TokenLedger.Cli.Commands;

/// <summary>tl bridge: units on other chains.</summary>
internal static class BridgeCommand
{
    public const string Name = "bridge";
    public const string About = "The bridge to other chains: lanes, locks, burns, and what backs them.";

    private const int DefaultRows = 50;

    public static TlCommand Build()
    {
        var command = new TlCommand(
            Name, About, "tl bridge status",
            "tl bridge lock GOV-BOND-2031 --amount 100 --to 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed "
                + "--from exchange-1")
        {
            Status(), List(), Show(), BridgeLimits.Build(), Proof(), BridgeReset.Build(),
            BridgeRecipientCommand.Build(), BridgeActionCommand.Build(),
        };
        foreach (Verb verb in BridgeVerbs.Sent())
        {
            command.Add(Send(verb));
        }

        foreach (Verb verb in BridgeVerbs.Proposed())
        {
            command.Add(verb.ProposeCommand(Name));
        }

        return command;
    }

    private static TlCommand Status() => new TlCommand(
        "status",
        "Shows the lanes, what stands still and why, the signers, and how this node's bridge is doing.",
        "tl bridge status", "tl bridge status -o json").Does(async (session, token) =>
    {
        ListLanesResponse response = await session.Connection.ReadAsync(
            (node, call) => node.Bridge.ListLanesAsync(new ListLanesRequest(), call), token);
        session.Talk.Say($"as of height {response.AsOfHeight}");
        if (!session.Output.IsTable)
        {
            session.Output.List(response.Lanes, BridgeView.ToJson);
            return;
        }

        if (response.Lanes.Count == 0)
        {
            session.Talk.Say("This ledger has no lane to another chain. Officers open one by a proposal.");
        }

        foreach (Lane lane in response.Lanes)
        {
            session.Output.Lines([.. BridgeView.Lines(lane, session.Addresses)]);
        }
    });

    private static TlCommand List()
    {
        var open = new Option<bool>("--open") { Description = "Only what has no end yet." };
        Option<int> limit = Paging.LimitOption(DefaultRows);
        Option<ulong?> chain = BridgeVerbs.Chain();
        return new TlCommand(
            "list", "Lists transfers: those that go out, then those that come in, newest first.",
            "tl bridge list", "tl bridge list --open -o json") { open, limit, chain }.Does(
            async (session, token) =>
        {
            Lane lane = await BridgeVerbs.LaneAsync(session, session.Value(chain), token);
            (ulong chainId, bool onlyOpen) = (lane.Terms.ChainId, session.Value(open));
            List<Lock> locks = await Paging.ReadAsync<Lock>(
                session, session.Value(limit), async (size, before) =>
                {
                    var request = new ListLocksRequest
                    { ChainId = chainId, Limit = size, Before = Before(before), OpenOnly = onlyOpen };
                    ListLocksResponse read = await session.Connection.ReadAsync(
                        (node, call) => node.Bridge.ListLocksAsync(request, call), token);
                    return new Page<Lock>(read.Locks, Token(read.NextBefore), read.AsOfHeight);
                });
            List<Burn> burns = await Paging.ReadAsync<Burn>(
                session, session.Value(limit), async (size, before) =>
                {
                    var request = new ListBurnsRequest
                    { ChainId = chainId, Limit = size, Before = Before(before), SuspendedOnly = onlyOpen };
                    ListBurnsResponse read = await session.Connection.ReadAsync(
                        (node, call) => node.Bridge.ListBurnsAsync(request, call), token);
                    return new Page<Burn>(read.Burns, Token(read.NextBefore), read.AsOfHeight);
                });
            BridgeRow[] rows =
            [
                .. locks.Select(one => BridgeRow.Of(one, lane, session.Addresses)),
                .. burns.Select(one => BridgeRow.Of(one, lane, session.Addresses)),
            ];
            session.Output.List(
                rows,
                static row => row.Json,
                new Column<BridgeRow>("direction", static row => row.Direction),
                new Column<BridgeRow>("id", static row => row.Id, Right: true),
                new Column<BridgeRow>("asset", static row => row.Asset),
                new Column<BridgeRow>("amount", static row => row.Amount, Right: true),
                new Column<BridgeRow>("from", static row => row.From),
                new Column<BridgeRow>("to", static row => row.To),
                new Column<BridgeRow>("status", static row => row.Status));
        });
    }

    private static string Token(ulong before) =>
        before == 0 ? "" : before.ToString(CultureInfo.InvariantCulture);

    private static ulong Before(string token) =>
        token.Length == 0 ? 0 : ulong.Parse(token, CultureInfo.InvariantCulture);

    private static TlCommand Show()
    {
        var id = new Argument<string>("id")
        { Description = "A lock's number, or burn and a number joined: burn-9." };
        Option<ulong?> chain = BridgeVerbs.Chain();
        return new TlCommand(
            "show", "Shows one transfer: where it stands, who signed, where it ended abroad.",
            "tl bridge show 17", "tl bridge show burn-9") { id, chain }.Does(async (session, token) =>
        {
            const string Burn = "burn-";
            string text = session.Value(id);
            bool isBurn = text.StartsWith(Burn, StringComparison.Ordinal);
            if (!ulong.TryParse(
                isBurn ? text[Burn.Length..] : text, NumberStyles.None, CultureInfo.InvariantCulture,
                    out ulong nonce))
            {
                throw CliException.Usage(
                    $"'{text}' is no transfer.",
                        next: "Write 17 for a lock, burn-9 for a burn: tl bridge list");
            }

            Lane lane = await BridgeVerbs.LaneAsync(session, session.Value(chain), token);
            ulong chainId = lane.Terms.ChainId;
            if (isBurn)
            {
                GetBurnResponse burn = await session.Connection.ReadAsync(
                    (node, call) => node.Bridge.GetBurnAsync(
                        new GetBurnRequest { ChainId = chainId, Nonce = nonce }, call),
                    token);
                session.Output.Detail(
                    BridgeView.ToJson(burn.Burn), [.. BridgeView.Lines(burn.Burn, lane, session.Addresses)]);
                return;
            }

            GetLockResponse locked = await session.Connection.ReadAsync(
                (node, call) => node.Bridge.GetLockAsync(
                    new GetLockRequest { ChainId = chainId, Nonce = nonce }, call),
                token);
            session.Output.Detail(
                BridgeView.ToJson(locked), [.. BridgeView.Lines(locked, lane, session.Addresses)]);
        });
    }

    private static TlCommand Proof()
    {
        Option<ulong?> chain = BridgeVerbs.Chain();
        return new TlCommand(
            "proof",
            "Compares both sides of every token: locked = supply + mints in flight + voids unrefunded + "
                + "burns unreleased. Fails when one differs.",
            "tl bridge proof", "tl bridge proof -o json") { chain }.Does(async (session, token) =>
        {
            Lane lane = await BridgeVerbs.LaneAsync(session, session.Value(chain), token);
            GetBackingResponse backing = await session.Connection.ReadAsync(
                (node, call) => node.Bridge.GetBackingAsync(
                    new GetBackingRequest { ChainId = lane.Terms.ChainId }, call),
                token);
            if (backing.Tokens.Count > 0)
            {
                Backing any = backing.Tokens[0];
                session.Talk.Say(
                    $"ledger height {any.Height}, block {any.BlockNumber} of chain {lane.Terms.ChainId}");
            }

            session.Output.List(
                backing.Tokens,
                BridgeView.ToJson,
                new Column<Backing>("asset", static b => b.Asset),
                new Column<Backing>("locked", static b =>
                    BridgeView.Units(b.Locked, b.Decimals), Right: true),
                new Column<Backing>("supply", static b =>
                    BridgeView.Units(b.Supply, b.Decimals), Right: true),
                new Column<Backing>("minting", static b =>
                    BridgeView.Units(b.MintsInFlight, b.Decimals), Right: true),
                new Column<Backing>("voided", static b =>
                    BridgeView.Units(b.VoidsUnrefunded, b.Decimals), Right: true),
                new Column<Backing>("burned", static b =>
                    BridgeView.Units(b.BurnsUnreleased, b.Decimals), Right: true),
                new Column<Backing>("difference", BridgeView.Difference, Right: true));
            if (backing.Tokens.FirstOrDefault(static b => b.Verdict == Verdict.Differs) is { } wrong)
            {
                throw new CliException(
                    "BRIDGE_BACKING", ExitCode.VerificationFailed,
                    $"The backing of {wrong.Asset} does not add up: {wrong.Note}",
                    next: "tl bridge pause --reason \"backing differs\"");
            }

            if (backing.Tokens.FirstOrDefault(static b => b.Verdict != Verdict.Agrees) is { } unknown)
            {
                throw new CliException(
                    "BRIDGE_NOT_COMPARABLE", ExitCode.Failed,
                    $"This node cannot compare both sides of {unknown.Asset} now.", unknown.Note,
                    "Ask again in a while, or another node: tl bridge proof --endpoint URL");
            }
        });
    }

    private static TlCommand Send(Verb verb)
    {
        var write = new WriteOptions();
        TlCommand command = verb.Command(
            verb.Description, $"tl bridge {verb.Name} {verb.Example} --from {verb.ExampleSigner}",
            $"tl bridge {verb.Name} {verb.Example} --from {verb.ExampleSigner} --simulate");
        write.AddTo(command);
        return command.Does(async (session, token) =>
        {
            WriteRequest request = write.Read(session);
            Operation operation = await verb.Read(session, token);
            await SingleFlow.RunAsync(session, new TransactionFlow(session, request), [operation], token);
        });
    }
}
