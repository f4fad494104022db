// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// One validator: the machine, a runtime that does its effects (one fsync for a batch of steps, then
/// everything else), a record that a crash cuts to what was synced, and an application.
/// </summary>
public sealed partial class SimulatedNode
{
    private readonly SeededNetwork _network;
    private readonly ISigner _signer;
    private readonly List<ConsensusRecord> _record = [];
    private readonly HashSet<VoteSubject> _recorded = [];
    private readonly Queue<ConsensusInput> _inbox = new();
    private readonly Dictionary<int, ulong> _blockedUntil = [];
    private ConsensusMachine _machine;
    private List<ConsensusEffect> _syncing = [];
    private ulong? _wakeAt;
    private int _life;
    private bool _busy;

    public SimulatedNode(SeededNetwork network, int index, Adversary? adversary)
    {
        _network = network;
        Index = index;
        Adversary = adversary;
        _signer = KeyedHashScheme.SignerOf(network.Validators[index].Address);
        Context = new AdversaryContext(
            _signer, index, network.Validators, network.GenesisHash, network.Options.Timers,
            network.Options.Seed);
        Application = new FakeApplication(this, network);
        _machine = NewMachine();
    }

    public int Index { get; }

    /// <summary>What bends its messages; null for an honest node.</summary>
    public Adversary? Adversary { get; }

    /// <summary>What its adversary remembers.</summary>
    public AdversaryContext Context { get; }

    public FakeApplication Application { get; }

    public bool IsUp { get; private set; }

    public ConsensusMachine Machine => _machine;

    public int Restarts { get; private set; }

    public bool IsRecorded(in VoteSubject subject) => _recorded.Contains(subject);

    /// <summary>Starts, replaying the record.</summary>
    public void Start()
    {
        IsUp = true;
        _life++;
        _busy = false;
        _wakeAt = null;
        _inbox.Clear();
        _machine = NewMachine();
        Application.Restart();
        foreach (ConsensusRecord record in _record)
        {
            if (_network.Options.Sabotage != Sabotage.ForgetOwnVotes || record is not OwnVoteRecord)
            {
                Tell(new Replayed(record));
            }
        }

        Tell(new Start(Application.Floor));
    }

    /// <summary>Stops at once. Of what was being synced, some first part reached the disk.</summary>
    public void Crash()
    {
        IsUp = false;
        Restarts++;
        _life++;
        if (_busy)
        {
            ConsensusRecord[] appends = [.. Records(_syncing)];
            Append(appends.Take(_network.Chance.Below(appends.Length + 1)));
        }
    }

    /// <summary>Runs something later, unless the node crashed meanwhile.</summary>
    public void After(ulong delayMs, Action action)
    {
        int life = _life;
        _network.At(_network.NowMs + delayMs, () =>
        {
            if (life == _life)
            {
                action();
            }
        });
    }

    public void Tell(ConsensusInput input)
    {
        _inbox.Enqueue(input);
        Pump();
    }

    public void Send(int to, PeerMessage message)
    {
        if (to == Index)
        {
            return;
        }

        if (Adversary is null)
        {
            _network.Send(Index, to, message);
            return;
        }

        foreach (PeerMessage bent in Context.Send(Adversary, to, message))
        {
            if (bent is DelayedMessage late)
            {
                After(late.DelayMs, () => _network.Send(Index, to, late.Message));
            }
            else
            {
                _network.Send(Index, to, bent);
            }
        }
    }

    public void Receive(int from, PeerMessage message)
    {
        if (!IsUp || _blockedUntil.GetValueOrDefault(from) > _network.NowMs)
        {
            return;
        }

        if (Adversary is not null && !Context.Receive(Adversary, from, message))
        {
            return;
        }

        switch (message)
        {
            case ProposalMessage proposal:
                Tell(new ProposalReceived(from, proposal.Proposal));
                break;
            case VoteMessage vote:
                Tell(new VoteReceived(from, vote.Vote));
                break;
            case CertificateMessage certificate:
                Tell(new CertificateReceived(certificate.IsAnswer ? -1 : from, certificate.Certificate));
                break;
            case FetchMessage fetch:
                foreach (Certificate answer in _machine.Answer(fetch.From, fetch.To, 32))
                {
                    Send(from, new CertificateMessage(answer, IsAnswer: true));
                }

                break;
            case BlockRequest request:
                foreach (BlockHeader header in Application.Path(request.Hash).Take(16))
                {
                    Send(from, new BlockMessage(new Block(header, [])));
                }

                break;
            case BlockMessage block:
                Application.Learn(block.Header);
                break;
            default:
                break;
        }
    }

    private ConsensusMachine NewMachine() => new(
        new ConsensusConfig(
            _network.Validators, _network.GenesisHash, _network.Genesis.Hash, Index, _network.Options.Timers)
        {
            RetentionViews = 16,
            VoteWindowViews = 32,
            FutureNotarizations = 8,
        },
        new KeyedHashScheme());

    /// <summary>Steps through what came while the last batch was being synced, then syncs this one.</summary>
    private void Pump()
    {
        if (_busy || !IsUp)
        {
            return;
        }

        while (_inbox.Count > 0 && !_busy)
        {
            var effects = new List<ConsensusEffect>();
            while (_inbox.TryDequeue(out ConsensusInput? input))
            {
                _machine.Step(new TimestampMs(_network.NowMs), input, effects);
                CheckStep(input);
            }

            _network.Trace(Index, effects);
            Perform(Sabotaged(effects));
        }

        ScheduleWake();
    }

    private void CheckStep(ConsensusInput input)
    {
        if (Adversary is null && input is not Replayed)
        {
            _network.Checker.Stepped(_machine);
        }
    }

    private void Perform(List<ConsensusEffect> effects)
    {
        if (_network.Options.Sabotage == Sabotage.VoteBeforeSync)
        {
            foreach (CastVote cast in effects.OfType<CastVote>())
            {
                Cast(cast.Subject, cast);
            }
        }

        if (!Records(effects).Any())
        {
            effects.ForEach(Do);
            return;
        }

        _busy = true;
        _syncing = effects;
        After(_network.Chance.Between(0, _network.Options.SyncHighMs), () =>
        {
            Append(Records(effects));
            effects.ForEach(Do);
            _busy = false;
            Pump();
        });
    }

    private static IEnumerable<ConsensusRecord> Records(IEnumerable<ConsensusEffect> effects) =>
        effects.Select(ConsensusRecord? (effect) => effect switch
        {
            AppendRecord append => append.Record,
            CastVote cast => new OwnVoteRecord(cast.Subject),
            _ => null,
        }).OfType<ConsensusRecord>();

    private void Append(IEnumerable<ConsensusRecord> records)
    {
        foreach (ConsensusRecord record in records)
        {
            _record.Add(record);
            if (record is OwnVoteRecord own)
            {
                _recorded.Add(own.Subject);
            }
        }
    }

    private void Do(ConsensusEffect effect)
    {
        switch (effect)
        {
            case AppendRecord { Record: CertificateRecord held } when Adversary is null:
                _network.Checker.Certified(held.Certificate);
                break;
            case CastVote cast when _network.Options.Sabotage != Sabotage.VoteBeforeSync:
                Cast(cast.Subject, cast);
                break;
            case RecastVote recast:
                Cast(recast.Subject, null);
                break;
            case BroadcastVote vote:
                Broadcast(new VoteMessage(vote.Vote));
                break;
            case BroadcastCertificate certificate:
                Broadcast(new CertificateMessage(certificate.Certificate, IsAnswer: false));
                break;
            case BroadcastProposal proposal:
                Broadcast(new ProposalMessage(proposal.Proposal));
                Broadcast(new BlockMessage(new Block(proposal.Proposal.Header, [])));
                break;
            case SendCertificate send:
                Send(send.To, new CertificateMessage(send.Certificate, IsAnswer: false));
                break;
            case FetchCertificates fetch:
                int target = fetch.Target ?? _network.Chance.Below(_network.Options.Validators);
                Send(target, new FetchMessage(fetch.From, fetch.To));
                break;
            case Prune prune:
                _record.RemoveAll(record => record.View < prune.View);
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
                Application.Build(build);
                break;
            case Verify verify:
                Application.Verify(verify.Proposal);
                break;
            case Certify certify:
                Application.Certify(certify);
                break;
            case Finalize final:
                if (Adversary is null)
                {
                    _network.Checker.Finalizes(final.Certificate);
                }

                Application.Finalize(final.Certificate);
                break;
            case ViewEntered entered when _network.IsBusy(entered.View):
                After(1, () => Tell(new WorkPending()));
                break;
            case Evidence evidence when Adversary is null:
                _network.Checker.Accuses(evidence.Proof);
                break;
            case BlockPeer block when Adversary is null:
                _network.Checker.Blames(block.Peer);
                _blockedUntil[block.Peer] = _network.NowMs + 300;
                break;
            default:
                break;
        }
    }

    private void Cast(VoteSubject subject, CastVote? cast)
    {
        if (Adversary is null)
        {
            _network.Checker.Signs(this, subject);
        }

        var vote = new Vote(subject, Index, [.. _signer.Sign(subject.SigningDigest(_network.GenesisHash))]);
        if (cast is { ProposalHeader: { } header, ParentView: { } parentView })
        {
            Broadcast(new ProposalMessage(new Proposal(header, parentView, vote)));
            Broadcast(new BlockMessage(new Block(header, [])));
        }
        else
        {
            Broadcast(new VoteMessage(vote));
        }

        After(0, () => Tell(new OwnVoteSigned(vote)));
    }

    private void Broadcast(PeerMessage message)
    {
        for (int to = 0; to < _network.Options.Validators; to++)
        {
            Send(to, message);
        }
    }

    private void ScheduleWake()
    {
        if (_busy || _machine.NextWake is not { } wake)
        {
            return;
        }

        ulong at = Math.Max(wake.Value, _network.NowMs);
        if (_wakeAt is not { } set || set > at)
        {
            _wakeAt = at;
            After(at - _network.NowMs, () =>
            {
                _wakeAt = _wakeAt == at ? null : _wakeAt;
                Tell(new Tick());
            });
        }
    }
}
