// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Testing;

namespace TokenLedger.Consensus.Tests;

/// <summary>
/// One machine on a bench. Δ is 100 ms: leader timeout 200, certification timeout 300, retry 200, skip 1,800,
/// heartbeat 500. Own votes are signed at once, as a runtime would. The leader of view v is validator v mod
/// n.
/// </summary>
internal sealed class Bench
{
    public const ulong LeaderMs = 200;
    public const ulong CertifyMs = 300;
    public const ulong RetryMs = 200;
    public const ulong HeartbeatMs = 500;
    public const ulong SkipMs = 1_800;

    private readonly Hash256 _genesis = Hashing.Hash(DomainTag.Genesis, [7]);

    public Bench(
        int validators = 4,
        int own = 0,
        bool start = true,
        Func<ConsensusConfig, ConsensusConfig>? with = null)
    {
        Validators = KeyedHashScheme.Validators(validators);
        GenesisBlock = Hashing.Hash(DomainTag.Header, [7]);
        var config = new ConsensusConfig(
            Validators, _genesis, GenesisBlock, own, ConsensusTimers.FromDelta(100, HeartbeatMs));
        Config = with?.Invoke(config) ?? config;
        Machine = new ConsensusMachine(Config, Scheme);
        if (start)
        {
            Do(new Start(null));
        }
    }

    public ValidatorSet Validators { get; }

    public ConsensusConfig Config { get; }

    public Hash256 GenesisBlock { get; }

    public KeyedHashScheme Scheme { get; } = new();

    public ConsensusMachine Machine { get; }

    public ulong Now { get; private set; } = 10_000;

    /// <summary>Effects of the last <see cref="Do"/> or <see cref="Advance"/>.</summary>
    public List<ConsensusEffect> Effects { get; } = [];

    /// <summary>All that was voted since the beginning.</summary>
    public List<VoteSubject> Cast { get; } = [];

    /// <summary>All that was recorded, as a restart would replay it.</summary>
    public List<ConsensusRecord> Record { get; } = [];

    public List<ConsensusEffect> Do(params ConsensusInput[] inputs)
    {
        Effects.Clear();
        foreach (ConsensusInput input in inputs)
        {
            Step(input);
        }

        return Effects;
    }

    /// <summary>Lets time pass, waking the machine whenever it asks for it.</summary>
    public List<ConsensusEffect> Advance(ulong ms)
    {
        Effects.Clear();
        ulong end = Now + ms;
        while (Machine.NextWake is { } wake && wake.Value <= end)
        {
            Assert.True(wake.Value > Now, "the machine asks to be woken in the past");
            Now = wake.Value;
            Step(new Tick());
        }

        Now = end;
        return Effects;
    }

    public IEnumerable<T> Of<T>()
        where T : ConsensusEffect => Effects.OfType<T>();

    /// <summary>The only fetch among the effects.</summary>
    public (ulong From, ulong To, int? Target) Fetched()
    {
        FetchCertificates fetch = Assert.Single(Of<FetchCertificates>());
        return (fetch.From.Value, fetch.To.Value, fetch.Target);
    }

    public bool Casts(VoteKind kind, ulong view) =>
        Of<CastVote>().Any(cast => cast.Subject.Kind == kind && cast.Subject.View.Value == view);

    public bool HasCast(VoteKind kind, ulong view) =>
        Cast.Any(subject => subject.Kind == kind && subject.View.Value == view);

    public VoteSubject Subject(VoteKind kind, ulong view, Hash256 block = default) =>
        new(kind, Validators.Epoch, new View(view), block);

    public Vote Vote(int signer, VoteKind kind, ulong view, Hash256 block = default) =>
        Sign(signer, Subject(kind, view, block));

    public Vote Sign(int signer, VoteSubject subject) => new(
        subject, signer,
        [.. KeyedHashScheme.SignerOf(Validators[signer].Address).Sign(subject.SigningDigest(_genesis))]);

    public Vote Forge(int signer, VoteKind kind, ulong view, Hash256 block = default)
    {
        Vote vote = Vote(signer, kind, view, block);
        return vote with { Signature = vote.Signature.SetItem(30, (byte)(vote.Signature[30] ^ 1)) };
    }

    public VoteReceived FromPeer(Vote vote) => new(vote.Signer, vote);

    /// <summary>A certificate signed by the last quorum of validators, or by those given.</summary>
    public Certificate Certificate(VoteKind kind, ulong view, Hash256 block = default, params int[] signers)
    {
        IEnumerable<int> who = signers.Length > 0
            ? signers
            : Enumerable.Range(Validators.Count - Validators.Quorum, Validators.Quorum);
        VoteSubject subject = Subject(kind, view, block);
        return Core.Consensus.Certificate.FromVotes(subject, who.Select(signer => Sign(signer, subject)));
    }

    public BlockHeader Header(ulong view, Hash256? parent = null, ulong salt = 0) => new(
        _genesis, Validators.Epoch, new Height(view), new View(view), parent ?? GenesisBlock, new TimestampMs(
            1000 + salt),
        Validators[Validators.LeaderOf(new View(view))].Address, default, default, default, default,
        Validators.Hash, Validators.Hash, default);

    public ProposalReceived Propose(BlockHeader header, ulong parentView)
    {
        int leader = Validators.LeaderOf(header.View);
        Vote vote = Vote(leader, VoteKind.Notarize, header.View.Value, header.Hash);
        return new ProposalReceived(leader, new Proposal(header, new View(parentView), vote));
    }

    /// <summary>Brings the machine to a view by nullifications of all before.</summary>
    public Bench NullifyUpTo(ulong view)
    {
        for (ulong at = Machine.CurrentView.Value; at < view; at++)
        {
            Do(new CertificateReceived(-1, Certificate(VoteKind.Nullify, at)));
        }

        Assert.Equal(view, Machine.CurrentView.Value);
        return this;
    }

    /// <summary>Notarizes and certifies a block here, without a proposal.</summary>
    public Hash256 Certified(ulong view, Hash256? parent = null)
    {
        Hash256 block = Header(view, parent).Hash;
        Do(new CertificateReceived(-1, Certificate(VoteKind.Notarize, view, block)),
            new BlockCertified(new View(view), block, true));
        return block;
    }

    /// <summary>A machine of the same validator that replays this one's record.</summary>
    public Bench Restarted(Certificate? floor = null, bool start = true)
    {
        var next = new Bench(Validators.Count, Config.OwnIndex, start: false, _ => Config) { Now = Now };
        next.Do([.. Record.Select(record => new Replayed(record))]);
        if (start)
        {
            next.Do(new Start(floor));
        }

        return next;
    }

    private void Step(ConsensusInput input)
    {
        int first = Effects.Count;
        Machine.Step(new TimestampMs(Now), input, Effects);
        foreach (ConsensusEffect effect in Effects.Skip(first).ToArray())
        {
            switch (effect)
            {
                case AppendRecord append:
                    Record.Add(append.Record);
                    break;
                case CastVote cast:
                    Cast.Add(cast.Subject);
                    Record.Add(new OwnVoteRecord(cast.Subject));
                    Step(new OwnVoteSigned(Sign(Config.OwnIndex, cast.Subject)));
                    break;
                case RecastVote cast:
                    Step(new OwnVoteSigned(Sign(Config.OwnIndex, cast.Subject)));
                    break;
                default:
                    break;
            }
        }
    }
}
