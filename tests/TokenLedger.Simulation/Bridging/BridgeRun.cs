// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;

namespace TokenLedger.Simulation;

/// <summary>What came of one run of the bridge.</summary>
internal sealed record BridgeResult(
    BridgeOptions Options,
    string Digest,
    ViolationException? Violation,
    IReadOnlyList<string> Last,
    IReadOnlyDictionary<string, ulong> Checks,
    IReadOnlyDictionary<BridgeFaultKind, ulong> Fired,
    IReadOnlyDictionary<string, ulong> Acts,
    ulong Locks,
    ulong Mints,
    ulong Releases,
    ulong VirtualMs,
    ulong Events) : ISeedResult<BridgeFaultKind>;

/// <summary>
/// One seed: chaos first, then a healthy quorum with the rest lost, lying or well. Then all that is open must
/// come to its end, unless the lane or the signers halted, as they must for some faults.
/// </summary>
internal sealed class BridgeRun
{
    private const ulong TickMs = 5_000;
    private const ulong HaltedTailMs = 240_000;

    private readonly BridgeWorld _world;
    private readonly BridgeFaultDriver _faults;

    private BridgeRun(BridgeWorld world) => (_world, _faults) = (world, new BridgeFaultDriver(world));

    public static BridgeResult Run(BridgeOptions options)
    {
        using var world = new BridgeWorld(options);
        ViolationException? violation = null;
        try
        {
            new BridgeRun(world).Phases();
        }
        catch (ViolationException e)
        {
            violation = e;
        }
        catch (InvariantException e)
        {
            violation = new ViolationException("no invariant of production breaks", $"{e}");
        }

        return new BridgeResult(
            options, world.Trace.Digest(), violation, world.Trace.Last(), world.Checker.Checks,
            world.FaultsFired, world.Liars.Acts, (ulong)world.Books.Locks, (ulong)world.Books.Minted,
            (ulong)world.Books.Released, world.Time.NowMs, world.Time.Events);
    }

    private bool IsHalted => (_world.Ledger.Lane.Lane.Stops & BridgeStops.Halted) != 0;

    private void Phases()
    {
        foreach (BridgeNode node in _world.Nodes)
        {
            node.Begin();
            if (!node.IsByzantine)
            {
                node.Start();
            }
        }

        Repeat(_world.Options.LedgerEveryMs, _world.Ledger.RunBlock);
        Repeat(_world.Options.RemoteEveryMs, _world.Evm.Mine);
        _faults.Plan();
        _world.Clients.Plan();
        _world.Time.RunUntil(_world.Options.ChaosMs);
        _world.Trace.Add(_world.Time.NowMs, TraceKind.Phase, -1, 2);
        _faults.Heal();
        if (_world.IsReversed || _world.IsForged)
        {
            _world.Time.RunUntil(_world.Options.ChaosMs + HaltedTailMs);
            RequireHalted();
        }
        else
        {
            Settle();
        }

        _world.Ledger.CheckWhole();
    }

    private void Repeat(ulong everyMs, Action action) => _world.Time.After(everyMs, () =>
    {
        action();
        Repeat(everyMs, action);
    });

    private void RequireHalted()
    {
        if (_world.IsReversed)
        {
            _world.NodeChecks.RequireHalted();
        }
        else if (_world.Books.ShowsForgery())
        {
            _world.Checker.Require(
                "the lane halts when units appear that nobody locked", IsHalted, Describe());
        }
    }

    /// <summary>Officers set right what they decided; then the bridge alone has to come to an end.</summary>
    private void Settle()
    {
        _world.Officers.SetRight();
        int minted = _world.Books.Minted;
        int released = _world.Books.Released;
        ulong deadline = _world.Options.ChaosMs + _world.Options.SettleMs;
        bool done = false;
        for (int i = 0; !done && _world.Time.NowMs < deadline; i++)
        {
            if (IsHalted && _world.MayHalt)
            {
                _world.Officers.ResumeHalted();
            }

            if (i % 4 == 0)
            {
                _world.Officers.SettleSuspended();
                if (_world.Books.Minted == minted || _world.Books.Released == released)
                {
                    _world.Clients.Fresh(_world.Books.Minted == minted);
                }
            }

            _world.Time.RunUntil(_world.Time.NowMs + TickMs);
            done = _world.Books.Minted > minted && _world.Books.Released > released && IsSettled();
        }

        _world.Checker.Require("with a healthy quorum all that is open comes to its end", done, Describe());
    }

    private bool IsSettled()
    {
        BridgeLaneState lane = _world.Ledger.Lane.Lane;
        ulong burns = _world.Evm.Chain.Latest.After.Burns;
        return _world.Books.Open == 0 && (ulong)_world.Books.Released == burns && lane.NextBurn == burns + 1
            && lane.Rotation == 0
            && _world.Nodes.Take(_world.Options.Healthy).All(static node => node.Status is { } status
                && status.Backing.Length == BridgeOptions.Tokens.Length
                && status.Backing.All(static one => one.Verdict == BackingVerdict.Agrees
                    && one.Locked == one.Explained && one.MintsInFlight.IsZero));
    }

    private string Describe()
    {
        BridgeLaneState lane = _world.Ledger.Lane.Lane;
        return $"{_world.Books.Open} locks open, {_world.Books.Released} of"
            + $" {_world.Evm.Chain.Latest.After.Burns} burns released (next {lane.NextBurn}), stops"
            + $" {lane.Stops}, rotation {lane.Rotation}, epoch {lane.Epoch}"
            + $" and abroad {_world.Evm.Chain.Latest.After.Epoch}, final {_world.Evm.Chain.Final}"
            + string.Concat(_world.Ledger.Lane.Suspended.Values.Select(static burn =>
                $"\n  burn {burn.Seen.Nonce} of {burn.Seen.Amount}: {burn.Hindrance}"))
            + Votes(new BridgeSubject(BridgeSubjectKind.Burn, lane.NextBurn, default))
            + Votes(new BridgeSubject(BridgeSubjectKind.Rotation, lane.Epoch + 1, default))
            + string.Concat(_world.Nodes.Select(one => $"\n  signer {one.Index}: {one.Status?.Final?.Number}"
                + $" halt '{one.Status?.Halt}' note '{one.Status?.Note}'"
                + string.Concat(one.Status?.Backing.Select(b => $" {b.Verdict}") ?? [])));
    }

    private string Votes(BridgeSubject subject) =>
        _world.Ledger.Read.BridgeVotes(BridgeOptions.ChainId, subject) is { } votes
            ? $"\n  votes on {subject.Kind} {subject.Number}, term {votes.Term}:"
                + string.Concat(votes.Ballots.Select(static ballot => $" {ballot.Voters:b}"))
            : "";
}
