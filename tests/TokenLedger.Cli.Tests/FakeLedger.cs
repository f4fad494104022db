// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using Domain = TokenLedger.Core.Ledger;
using V1AssetDefinition = TokenLedger.Protocol.Ledger.V1.AssetDefinition;

namespace TokenLedger.Cli.Tests;

/// <summary>
/// A ledger small enough to read: it checks bytes, signatures and nonces as a node does, applies transfers,
/// registrations and proposals with one approval, and finalizes at once. Shared by the nodes of a test.
/// </summary>
internal sealed class FakeLedger
{
    public const ulong ChainId = 7001;
    public const ulong StartMs = 1_800_000_000_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(Address, uint), ulong> _nonces = [];
    private readonly Dictionary<(Address, string), Amount> _balances = [];
    private readonly Secp256k1Scheme _scheme = new();

    public Hash256 GenesisHash { get; } = ProvenLedger.GenesisHash;

    public ulong Height { get; private set; } = 41;

    public List<Asset> Assets { get; } = [];

    public List<Proposal> Proposals { get; } = [];

    public Dictionary<Hash256, TransactionStatus> Transactions { get; } = [];

    public Dictionary<(Address, string), Hash256> RequestIds { get; } = [];

    public List<Event> Events { get; } = [];

    /// <summary>The same events as the blocks have them, by height; each block has one transaction.</summary>
    public Dictionary<ulong, List<Domain.EventRecord>> Records { get; } = [];

    public HashSet<Address> Registered { get; } = [];

    /// <summary>Every body that arrived, refused or not, in order.</summary>
    public List<ByteString> Arrived { get; } = [];

    /// <summary>Overrides the receipt of what is submitted.</summary>
    public Rejection? Refuse { get; set; }

    /// <summary>Overrides what simulating an operation says; null lets it pass.</summary>
    public Func<Domain.Transaction, Rejection?>? RefuseSimulated { get; set; }

    /// <summary>When set, what is submitted stays pending.</summary>
    public bool Stalled { get; set; }

    public void AddAsset(
        string symbol, uint decimals, string cap, string name = "Investment Bond", string nameUrdu = "")
    {
        Assets.Add(new Asset
        {
            Definition = new V1AssetDefinition
            {
                Symbol = symbol,
                AssetClass = Protocol.Ledger.V1.AssetClass.Bond,
                Name = name,
                NameUrdu = nameUrdu,
                Decimals = decimals,
                Cap = cap,
                UnitValueMicroUsd = "1000000",
                Issuer = ByteString.CopyFrom(new byte[19].Append((byte)9).ToArray()),
                Terms = new Protocol.Ledger.V1.AssetTerms { Isin = "PK0000000001", IssueDateMs = StartMs },
            },
            Cap = cap,
            Supply = "0",
            IssuerName = "Ministry of Finance",
        });
    }

    public void Give(Address account, string asset, ulong units) =>
        _balances[(account, asset)] = new Amount(units);

    public Amount BalanceOf(Address account, string asset) => _balances.GetValueOrDefault((account, asset));

    /// <summary>What it was after a height; only what moved is known of earlier ones.</summary>
    public Amount BalanceAt(Address account, string asset, ulong height)
    {
        byte[] whose = account.ToArray();
        Amount now = BalanceOf(account, asset);
        foreach (Transferred t in Enumerable.Reverse(Events).TakeWhile(e => e.Height > height)
            .Select(e => e.Transferred).Where(t => t?.Asset == asset))
        {
            now = t.To.Span.SequenceEqual(whose) ? now - new Amount(UInt128.Parse(t.Amount))
                : t.From.Span.SequenceEqual(whose) ? now + new Amount(UInt128.Parse(t.Amount))
                : now;
        }

        return now;
    }

    public IEnumerable<(Address Account, Amount Amount)> HoldersOf(string asset) =>
        _balances.Where(b => b.Key.Item2 == asset).Select(b => (b.Key.Item1, b.Value)).OrderBy(b => b.Item1);

    public IEnumerable<(string Asset, Amount Amount)> BalancesOf(Address account) =>
        _balances.Where(b => b.Key.Item1 == account).Select(b => (b.Key.Item2, b.Value))
            .OrderBy(b => b.Item1, StringComparer.Ordinal);

    public ulong NextNonce(Address sender, uint lane)
    {
        lock (_gate)
        {
            return _nonces.GetValueOrDefault((sender, lane));
        }
    }

    public TransactionStatus Submit(Protocol.Ledger.V1.SignedTransaction wire)
    {
        lock (_gate)
        {
            Arrived.Add(wire.Body);
            Rejection? refused = TransactionMapper.TryFromWire(wire, out Domain.SignedTransaction? signed);
            Domain.Transaction? body = null;
            refused ??= TransactionMapper.TryDecode(wire.Body.Span, out body);
            Throw(refused);
            Hash256 id = signed!.IdOn(GenesisHash);
            if (Transactions.TryGetValue(id, out TransactionStatus? known))
            {
                return known;
            }

            Hash256 digest = new TransactionDigest(ChainId, GenesisHash).Of(wire.Body.Span);
            bool right = _scheme.TryRecover(digest, wire.Signature.Span, out Address signer)
                && signer == body!.Sender;
            Throw(
                right ? null
                : new Rejection(RejectionCode.BadSignature, "The signature is not the sender's."));
            ulong next = _nonces.GetValueOrDefault((body!.Sender, body.Lane));
            Throw(
                body.Nonce < next ? new Rejection(RejectionCode.NonceUsed, $"Nonce {body.Nonce} was used.")
                : null);
            _nonces[(body.Sender, body.Lane)] = next + 1;
            TransactionStatus status = Apply(id, body);
            Transactions[id] = status;
            if (body.RequestId is { } request)
            {
                RequestIds[(body.Sender, request.ToString())] = id;
            }

            return status;
        }
    }

    public SimulateTransactionResponse Simulate(Domain.Transaction body)
    {
        lock (_gate)
        {
            var response = new SimulateTransactionResponse { Height = Height, Succeeded = true };
            Rejection? used = body.RequestId is { } id && RequestIds.ContainsKey((body.Sender, id.ToString()))
                ? new Rejection(RejectionCode.IdempotencyConflict, "The request id was used.")
                : RefuseSimulated?.Invoke(body);
            if (used is not null)
            {
                response.Succeeded = false;
                response.Refusal = new Refusal { Code = used.Reason, Detail = used.Detail };
                return response;
            }

            foreach (Domain.Transfer t in body.Operations.OfType<Domain.Transfer>())
            {
                Amount before = BalanceOf(body.Sender, t.Asset.ToString());
                if (before < t.Amount)
                {
                    response.Succeeded = false;
                    response.Refusal =
                        new Refusal { Code = "INSUFFICIENT_AVAILABLE", Detail = "There is not enough." };
                    continue;
                }

                response.BalanceChanges.Add(new BalanceChange
                {
                    Account = Bytes(body.Sender),
                    Asset = t.Asset.ToString(),
                    Before = before.ToString(),
                    After = (before - t.Amount).ToString(),
                });
            }

            return response;
        }
    }

    public static ByteString Bytes(Address address) => ByteString.CopyFrom(address.ToArray());

    private TransactionStatus Apply(Hash256 id, Domain.Transaction body)
    {
        var status =
            new TransactionStatus { TransactionId = ByteString.CopyFrom(id.ToArray()), AsOfHeight = Height };
        if (Stalled)
        {
            status.State = TransactionState.Pending;
            return status;
        }

        Height++;
        status.Height = status.AsOfHeight = Height;
        status.TimeMs = StartMs + Height;
        if (Refuse is { } refused)
        {
            status.State = TransactionState.Failed;
            status.Refusal =
                new Refusal { Code = refused.Reason, Detail = refused.Detail, Operation = refused.Operation };
            return status;
        }

        status.State = TransactionState.Succeeded;
        foreach (Domain.Operation operation in body.Operations)
        {
            Domain.LedgerEvent happened = Apply(body.Sender, operation);
            Event e = EventMapper.ToWire(
                happened, new Height(Height), new TimestampMs(status.TimeMs), (uint)status.Events.Count, id);
            status.Events.Add(e);
            (Records.TryGetValue(Height, out List<Domain.EventRecord>? known)
                ? known
                : Records[Height] = []).Add(new Domain.EventRecord(0, happened));
            Events.Add(e);
        }

        return status;
    }

    private Domain.LedgerEvent Apply(Address sender, Domain.Operation operation)
    {
        switch (operation)
        {
            case Domain.Transfer t:
                string asset = t.Asset.ToString();
                _balances[(sender, asset)] = BalanceOf(sender, asset) - t.Amount;
                _balances[(t.To, asset)] = BalanceOf(t.To, asset) + t.Amount;
                return new Domain.Transferred(
                    t.Asset, sender, t.To, t.Amount, BalanceOf(sender, asset), BalanceOf(t.To, asset),
                    t.Tag, t.SourceTag);
            case Domain.RequireTag r:
                return new Domain.TagRequirementSet(r.Account, r.Required, sender);
            case Domain.RegisterAccount r:
                Registered.Add(r.Account);
                return new Domain.AccountRegistered(r.Account, r.Kind, r.Institution, sender);
            case Domain.Propose p:
                return Open(sender, p);
            case Domain.ApproveProposal a:
                Proposal proposal = Proposals.Single(x => x.ProposalId == a.ProposalId);
                proposal.Approvals.Add(new ProposalApproval { Officer = Bytes(sender), Name = "Director" });
                proposal.Status = Protocol.Ledger.V1.ProposalStatus.Executed;
                return new Domain.ProposalApproved(a.ProposalId, sender);
            case Domain.CancelProposal c:
                Proposals.Single(x => x.ProposalId == c.ProposalId).Status =
                    Protocol.Ledger.V1.ProposalStatus.Cancelled;
                return new Domain.ProposalCancelled(c.ProposalId, sender, c.Reason);
            default:
                throw new InvalidOperationException(operation.GetType().Name);
        }
    }

    private Domain.ProposalOpened Open(Address maker, Domain.Propose p)
    {
        ImmutableArray<Domain.PrivilegedOperation> payload = p.Payload;
        Hash256 hash = Domain.PrivilegedCodec.PayloadHash(GenesisHash, payload);
        var proposal = new Proposal
        {
            ProposalId = (ulong)Proposals.Count + 1,
            Maker = Bytes(maker),
            MakerName = "Maker",
            InstitutionName = "Ministry of Finance",
            PayloadHash = ByteString.CopyFrom(hash.ToArray()),
            Reason = p.Reason,
            OpenedMs = StartMs,
            ExpiresMs = p.Expires.Value,
            Status = Protocol.Ledger.V1.ProposalStatus.Open,
            Requirement =
                new PolicyTier
                {
                    Approvals = 1,
                    Institutions = 1,
                    UpToMicroUsd = UInt128.MaxValue.ToString(),
                },
        };
        proposal.Payload.AddRange(payload.Select(PrivilegedMapper.ToWire));
        Proposals.Add(proposal);
        return new Domain.ProposalOpened(proposal.ProposalId, maker, hash);
    }

    private static void Throw(Rejection? refused)
    {
        if (refused is not null)
        {
            throw ErrorModel.Refusal(refused);
        }
    }
}
