// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <summary>
/// One validator's Simplex: a pure function of its inputs in their order. SPEC.md beside this file has the
/// rules. Feed <see cref="Replayed"/> for each own record, then <see cref="Start"/>, then what happens. Not
/// thread-safe.
/// </summary>
public sealed partial class ConsensusMachine
{
    private readonly ISignatureScheme _scheme;
    private readonly SortedDictionary<View, ViewState> _views = [];
    private readonly TimestampMs[] _lastHeard;
    private List<ConsensusEffect> _effects = [];
    private TimestampMs _now;
    private bool _started;
    private Certificate? _lastFinalization;

    /// <summary>The highest certified or final block.</summary>
    private Parent _certified;

    /// <summary>Creates a machine in view 0, not started.</summary>
    /// <exception cref="ArgumentException">The configuration is out of range.</exception>
    public ConsensusMachine(ConsensusConfig config, ISignatureScheme scheme)
    {
        config.Validate();
        Config = config;
        _scheme = scheme;
        _lastHeard = new TimestampMs[config.Validators.Count];
        _helpedAt = new TimestampMs?[config.Validators.Count];
        LastFinalizedHash = config.GenesisBlockHash;
        _certified = new Parent(default, config.GenesisBlockHash);
    }

    /// <summary>What it was created with.</summary>
    public ConsensusConfig Config { get; }

    /// <summary>The view that it is in; 0 before the start.</summary>
    public View CurrentView { get; private set; }

    /// <summary>Index of the current view's leader.</summary>
    public int Leader => Config.Validators.LeaderOf(CurrentView);

    /// <summary>The last final view that is known here; 0 for genesis.</summary>
    public View LastFinalizedView { get; private set; }

    /// <summary>Hash of the last final block that is known here.</summary>
    public Hash256 LastFinalizedHash { get; private set; }

    /// <summary>
    /// The last view that the application holds durably as final (<see cref="Start"/>, <see cref="Synced"/>).
    /// </summary>
    public View Floor { get; private set; }

    /// <summary>The highest view whose block is certified or final: the next proposal's parent.</summary>
    public View HighestCertifiedView => _certified.View;

    /// <summary>True after <see cref="SafetyViolated"/>: every input is ignored.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Views of which anything is kept: retained, not final and near future ones.</summary>
    public int ViewsKept => _views.Count;

    /// <summary>Views of which votes are kept: those in the vote window and the retained past.</summary>
    public int VoteViewsKept => _views.Values.Count(state => state.Votes is not null);

    /// <summary>
    /// When a validator was last heard, on the clock of <see cref="Step"/>; the start when never.
    /// </summary>
    public TimestampMs LastHeard(int validator) => _lastHeard[validator];

    private bool Votes => Config.OwnIndex != ConsensusConfig.Observer;

    private ValidatorSet Validators => Config.Validators;

    /// <summary>
    /// Takes one input and appends what to do to <paramref name="effects"/>. Never throws on anything that a
    /// peer sent.
    /// </summary>
    /// <param name="now">Any monotonic millisecond clock. A step back counts as standing still.</param>
    /// <param name="input">What happened.</param>
    /// <param name="effects">Appended to, in order.</param>
    public void Step(TimestampMs now, ConsensusInput input, List<ConsensusEffect> effects)
    {
        if (Stopped)
        {
            return;
        }

        _now = now > _now ? now : _now;
        _effects = effects;
        bool opening = input is Replayed or Start;
        Invariant.Require(opening != _started, "records are replayed, then it starts, then the rest");
        Take(input);
        if (_started && !Stopped)
        {
            CheckDeadlines();
        }
    }

    /// <summary>
    /// Answers a peer's fetch of views <paramref name="from"/> to <paramref name="to"/>, inclusive: the last
    /// finalization when it covers the first, then of each later view the notarization, once certified here,
    /// and the nullification.
    /// </summary>
    /// <remarks>
    /// Both are given when both are held: the peer may hold the one and need the other, to vote for a child
    /// that skips the view or for one that does not.
    /// </remarks>
    public IEnumerable<Certificate> Answer(View from, View to, int limit) => AnswerAll(from, to).Take(limit);

    private IEnumerable<Certificate> AnswerAll(View from, View to)
    {
        if (_lastFinalization is { } final && from <= LastFinalizedView)
        {
            yield return final;
            from = LastFinalizedView.Next;
        }

        View last = to < CurrentView ? to : CurrentView;
        for (View view = from; view <= last; view = view.Next)
        {
            if (!_views.TryGetValue(view, out ViewState? state))
            {
                continue;
            }

            if (state is { Certification: Certification.True, Notarization: { } notarization })
            {
                yield return notarization;
            }

            if (state.Nullification is { } nullification)
            {
                yield return nullification;
            }
        }
    }

    private void Take(ConsensusInput input)
    {
        switch (input)
        {
            case ProposalReceived proposal:
                OnProposal(proposal.From, proposal.Proposal);
                break;
            case VoteReceived vote:
                OnVote(vote.From, vote.Vote);
                break;
            case CertificateReceived certificate:
                OnCertificate(certificate.From, certificate.Certificate);
                break;
            case OwnVoteSigned own:
                OnOwnVote(own.Vote);
                break;
            case BlockBuilt built:
                OnBuilt(built.View, built.Header);
                break;
            case BuildFailed failed:
                OnBuildFailed(failed.View);
                break;
            case BlockVerified verified:
                OnVerified(verified.View, verified.BlockHash, verified.Valid);
                break;
            case BlockCertified certified:
                OnCertified(certified.View, certified.BlockHash, certified.Valid);
                break;
            case WorkPending:
                OnWorkPending();
                break;
            case Synced synced:
                OnSynced(synced.Finalization);
                break;
            case Replayed replayed:
                OnReplayed(replayed.Record);
                break;
            case Start start:
                OnStart(start.Floor);
                break;
            default:
                Invariant.Require(input is Tick, "the input is known");
                break;
        }
    }

    private void Emit(ConsensusEffect effect) => _effects.Add(effect);

    private VoteSubject Subject(VoteKind kind, View view, in Hash256 block = default) =>
        new(kind, Validators.Epoch, view, block);

    private ViewState StateOf(View view)
    {
        if (!_views.TryGetValue(view, out ViewState? state))
        {
            state = new ViewState(view);
            _views.Add(view, state);
        }

        return state;
    }

    private void Heard(int from)
    {
        if (IsPeer(from))
        {
            _lastHeard[from] = _now;
        }
    }

    private bool IsPeer(int index) => index >= 0 && index < Validators.Count && index != Config.OwnIndex;

    private void Block(int peer, PeerFault fault)
    {
        if (IsPeer(peer))
        {
            Emit(new BlockPeer(peer, fault));
        }
    }
}
