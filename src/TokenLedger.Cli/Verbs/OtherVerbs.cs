// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Verbs;

/// <summary>Operations that need no proposal, as they are typed.</summary>
internal static class OtherVerbs
{
    public static Verb Transfer(string name)
    {
        var symbol = new Argument<string?>("symbol")
        { Description = "The asset to move.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> asset = Inputs.Optional("--asset", "SYMBOL", "The same as SYMBOL.");
        Option<string> to = Inputs.Required(
            "--to", "ACCOUNT", "Who gets it: an address, a label, or a tagged address.");
        Option<ulong> tag = Inputs.Tag("--tag", "Whom the receiver keeps it for: the receiver's own number.");
        Option<ulong> sourceTag = Inputs.Tag("--source-tag", "The tag that a return to you should carry.");
        Option<string> amount =
            Inputs.Required("--amount", "N", "How much, in whole units: 1250.50 or 1,250.50.");
        Option<bool> atomic = Inputs.Atomic();
        return new Verb
        {
            Name = name,
            Description = "Moves units to a registered account.",
            Example = "GOV-BOND-2031 --to exchange-1 --amount 1,250.50",
            ExampleSigner = "treasury",
            Symbols = [symbol, asset, to, amount, atomic, tag, sourceTag],
            Read = async (session, token) =>
            {
                AssetId id = Inputs.Asset(OneOf(session.Value(symbol), session.Value(asset)));
                (Address receiver, ulong named) = Inputs.Receiver(
                    session, session.Value(to), session.Value(tag));
                return new Transfer(
                    id, receiver,
                    await Inputs.AmountAsync(
                        session, session.Value(amount), id, session.Value(atomic), token),
                    named, session.Value(sourceTag));
            },
        };
    }

    /// <summary>A symbol that may stand in either place, but in one.</summary>
    private static string OneOf(string? symbol, string? asset) => (symbol, asset) switch
    {
        ({ } a, { } b) when a != b => throw CliException.Usage(
            $"The asset is said twice: {a}, and --asset {b}.", next: "Leave --asset out."),
        (null, null) => throw CliException.Usage(
            "Nothing says which asset to move.", next: "tl transfer send SYMBOL --amount N --to ACCOUNT"),
        _ => (symbol ?? asset)!,
    };

    public static Verb Register(string name)
    {
        Argument<string> account = Inputs.Account();
        Option<string?> kind =
            Inputs.Optional("--kind", Inputs.Choices<AccountKind>(), "Whose it is (default: citizen).");
        Option<string?> institution =
            Inputs.Optional("--institution", "INSTITUTION", "The owner, unless it is a citizen's.");
        return new Verb
        {
            Name = name,
            Description = "Enters an account in the register; registrars only.",
            Example = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --kind citizen",
            ExampleSigner = "exchange-1-registrar",
            Symbols = [account, kind, institution],
            Read = (session, _) => Task.FromResult(RegisterOf(
                session, session.Value(account), session.Value(kind), session.Value(institution))),
        };
    }

    /// <summary>The registration of one account.</summary>
    public static Operation RegisterOf(Session session, string account, string? kind, string? institution)
    {
        AccountKind whose = kind is null ? AccountKind.Citizen : Inputs.Choice<AccountKind>(kind, "--kind");
        if ((whose == AccountKind.Citizen) != (institution is null))
        {
            throw CliException.Usage(
                whose == AccountKind.Citizen
                    ? "A citizen's account has no --institution."
                    : "An account of an institution needs --institution.");
        }

        return new RegisterAccount(
            session.Addresses.Resolve(account),
            whose,
            institution is null ? Address.Zero : session.Addresses.Resolve(institution));
    }

    public static Verb RequireTag()
    {
        Argument<string> account = Inputs.Account();
        var off = new Option<bool>("--off") { Description = "Take units without a tag again." };
        return new Verb
        {
            Name = "require-tag",
            Description = "Lets units come to an account with a tag only; for the account, or its registrar.",
            Example = "exchange-1",
            ExampleSigner = "exchange-1-registrar",
            Symbols = [account, off],
            Read = (session, _) => Task.FromResult<Operation>(new RequireTag(
                session.Addresses.Resolve(session.Value(account)), !session.Value(off))),
        };
    }

    public static Verb Approve()
    {
        var id = new Argument<ulong>("id") { Description = "The proposal's number." };
        Option<string?> hash = Inputs.Optional(
            "--payload-hash", "HASH",
            "The payload that is approved (default: asked for, decoded and checked).");
        return new Verb
        {
            Name = "approve",
            Description = "Approves exactly the payload with a hash.",
            Example = "118 --payload-hash 41aa...",
            ExampleSigner = "central-bank-checker-1",
            Symbols = [id, hash],
            Read = async (session, token) =>
            {
                ulong number = session.Value(id);
                if (session.Value(hash) is { } text)
                {
                    return new ApproveProposal(number, Inputs.Hash(text, "--payload-hash"));
                }

                V1.GetProposalResponse response = await session.Connection.ReadAsync(
                    (node, call) => node.Queries.GetProposalAsync(
                        new V1.GetProposalRequest { ProposalId = number }, call),
                    token);
                return new ApproveProposal(number, ProposalView.VerifiedHash(
                    response.Proposal,
                    NetworkIdentity.Pinned(session.Context).GenesisHash,
                    ProposalView.Payload(response.Proposal)));
            },
        };
    }

    public static Verb Cancel()
    {
        var id = new Argument<ulong>("id") { Description = "The proposal's number." };
        Option<string> reason = Inputs.Required("--reason", "TEXT", "Why.");
        return new Verb
        {
            Name = "cancel",
            Description = "Withdraws an open proposal.",
            Example = "118 --reason \"wrong amount\"",
            Symbols = [id, reason],
            Read = (session, _) => Task.FromResult<Operation>(
                new CancelProposal(session.Value(id), session.Value(reason))),
        };
    }
}
