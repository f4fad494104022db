// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// One instance of a validator in a Twins run: the production machine on a record of its own, over an
/// application that has every block and finds all of them valid. Nothing guards the key of a twin.
/// </summary>
internal sealed class TwinNode
{
    private const int AnswerMost = 32;
    private const ulong BlockedMs = 100;

    private readonly TwinsRun _run;
    private readonly ISigner _key;
    private readonly List<ConsensusRecord> _record = [];
    private readonly Queue<ConsensusInput> _inbox = new();
    private readonly ulong[] _blockedUntil;
    private ConsensusMachine _machine;
    private Certificate? _final;
    private ulong _wakeAt = ulong.MaxValue;
    private bool _steps;

    public TwinNode(TwinsRun run, int instance)
    {
        _run = run;
        Instance = instance;
        Validator = run.Scenario.ValidatorOf(instance);
        IsHonest = run.Scenario.IsHonest(instance);
        _key = KeyedHashScheme.SignerOf(run.Validators[Validator].Address);
        _blockedUntil = new ulong[run.Validators.Count];
        _machine = NewMachine();
    }

    public int Instance { get; }

    public int Validator { get; }

    public bool IsHonest { get; }

    public ConsensusMachine Machine => _machine;

    public void Start() => Tell(new Start(_final));

    /// <summary>SIGKILL and a new start on what was recorded.</summary>
    public void Restart()
    {
        _machine = NewMachine();
        _inbox.Clear();
        foreach (ConsensusRecord record in _record)
        {
            _machine.Step(new TimestampMs(_run.Time.NowMs), new Replayed(record), []);
        }

        Start();
    }

    public void Receive(int from, PeerMessage message)
    {
        if (_blockedUntil[from] > _run.Time.NowMs)
        {
            return;
        }

        switch (message)
        {
            case ProposalMessage { Proposal: var proposal }:
                Tell(new ProposalReceived(from, proposal));
                break;
            case VoteMessage { Vote: var vote }:
                Tell(new VoteReceived(from, vote));
                break;
            case CertificateMessage { Certificate: var certificate, IsAnswer: var answer }:
                Tell(new CertificateReceived(answer ? -1 : from, certificate));
                break;
            default:
                break;
        }
    }

    /// <summary>Answers another instance's question for certificates.</summary>
    public void Answer(TwinNode asker, View from, View to)
    {
        foreach (Certificate certificate in _machine.Answer(from, to, AnswerMost))
        {
            _run.Send(this, asker, certificate.Subject.View, new CertificateMessage(certificate, true));
        }
    }

    private ConsensusMachine NewMachine() => new(
        new ConsensusConfig(
            _run.Validators, TwinsRun.GenesisHash, _run.Genesis.Hash, Validator, TwinsRun.Timers),
        _run.Scheme);

    private void Tell(ConsensusInput input)
    {
        _inbox.Enqueue(input);
        if (_steps)
        {
            return;
        }

        _steps = true;
        while (_inbox.TryDequeue(out ConsensusInput? next))
        {
            var effects = new List<ConsensusEffect>();
            _machine.Step(new TimestampMs(_run.Time.NowMs), next, effects);
            effects.ForEach(Do);
        }

        _steps = false;
        ScheduleWake();
    }

    private void Do(ConsensusEffect effect)
    {
        switch (effect)
        {
            case AppendRecord append:
                _record.Add(append.Record);
                break;
            case CastVote cast:
                _record.Add(new OwnVoteRecord(cast.Subject));
                Cast(cast.Subject, cast);
                break;
            case RecastVote recast:
                Cast(recast.Subject, null);
                break;
            case BroadcastVote { Vote: var vote }:
                SendToAll(vote.Subject.View, new VoteMessage(vote));
                break;
            case BroadcastCertificate { Certificate: var certificate }:
                SendToAll(certificate.Subject.View, new CertificateMessage(certificate, IsAnswer: false));
                break;
            case BroadcastProposal { Proposal: var proposal }:
                SendToAll(proposal.View, new ProposalMessage(proposal));
                break;
            case SendCertificate send:
                Send(send.To, send.Certificate.Subject.View, new CertificateMessage(send.Certificate, false));
                break;
            case FetchCertificates fetch:
                _run.Ask(this, fetch);
                break;
            default:
                DoLocally(effect);
                break;
        }
    }

    private void DoLocally(ConsensusEffect effect)
    {
        switch (effect)
        {
            case Build build:
                After(TwinsRun.Timers.HeartbeatMs, new BlockBuilt(build.View, _run.NewBlock(this, build)));
                break;
            case Verify { Proposal: var proposal }:
                _run.Learn(proposal.Header);
                After(1, new BlockVerified(proposal.View, proposal.BlockHash, true));
                break;
            case Certify certify:
                After(1, new BlockCertified(certify.View, certify.BlockHash, true));
                break;
            case Finalize { Certificate: var certificate }:
                _final = certificate;
                _run.Finalized(this, certificate);
                After(1, new Synced(certificate));
                break;
            case Evidence { Proof: var proof }:
                _run.Accused(this, proof);
                break;
            case BlockPeer block:
                _blockedUntil[block.Peer] = _run.Time.NowMs + BlockedMs;
                break;
            case SafetyViolated violated:
                _run.Require(
                    "no two certificates exclude each other", !IsHonest, this, violated.Second.Subject);
                break;
            default:
                break;
        }
    }

    private void Cast(VoteSubject subject, CastVote? cast)
    {
        var vote = new Vote(subject, Validator, [.. _key.Sign(subject.SigningDigest(TwinsRun.GenesisHash))]);
        if (cast is { ProposalHeader: { } header, ParentView: { } parent })
        {
            _run.Learn(header);
            SendToAll(subject.View, new ProposalMessage(new Proposal(header, parent, vote)));
        }
        else
        {
            SendToAll(subject.View, new VoteMessage(vote));
        }

        _inbox.Enqueue(new OwnVoteSigned(vote));
    }

    private void SendToAll(View view, PeerMessage message)
    {
        for (int to = 0; to < _run.Validators.Count; to++)
        {
            Send(to, view, message);
        }
    }

    private void Send(int validator, View view, PeerMessage message)
    {
        if (validator == Validator)
        {
            return;
        }

        foreach (TwinNode to in _run.Nodes)
        {
            if (to.Validator == validator)
            {
                _run.Send(this, to, view, message);
            }
        }
    }

    private void After(ulong delayMs, ConsensusInput input)
    {
        ConsensusMachine life = _machine;
        _run.Time.After(delayMs, () =>
        {
            if (life == _machine)
            {
                Tell(input);
            }
        });
    }

    private void ScheduleWake()
    {
        if (_machine.NextWake is not { } wake || wake.Value >= _wakeAt)
        {
            return;
        }

        ulong at = Math.Max(wake.Value, _run.Time.NowMs);
        _wakeAt = at;
        _run.Time.At(at, () =>
        {
            if (_wakeAt == at)
            {
                _wakeAt = ulong.MaxValue;
                Tell(new Tick());
            }
        });
    }
}
