// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>Makes a seed's faults happen, and ends them.</summary>
internal sealed class BridgeFaultDriver(BridgeWorld world)
{
    private readonly Purpose _choices = new(world.Options.Seed, "bridge fault acts");

    public void Plan()
    {
        foreach (BridgeFault fault in world.Options.Faults)
        {
            world.Time.At(fault.AtMs, () => Begin(fault));
            world.Time.At(fault.EndMs, () => End(fault));
        }
    }

    /// <summary>A quorum is well again; each of the others is off for good, stays as it is, or is well, too.
    /// </summary>
    public void Heal()
    {
        world.Evm.FinalityStalls = false;
        world.Ledger.Stalls = false;
        world.Evm.Chain.BaseFee = 1_000_000_000;
        world.Evm.Node.Includes = static (_, _) => true;
        foreach (BridgeNode node in world.Nodes)
        {
            int fate = node.Index < world.Options.Healthy ? 2 : _choices.At(0, (ulong)node.Index).Below(3);
            if (fate == 0)
            {
                node.IsLost = true;
                node.Stop();
            }
            else if (fate == 2)
            {
                Heal(node);
            }
        }
    }

    private static void Heal(BridgeNode node)
    {
        node.View.Heal();
        node.Disk.Disarm();
        (node.Paused, node.LedgerLags, node.Refuses, node.Loses, node.DiesIn) = (false, false, false, 0, -1);
        node.Clock.OffsetMs = 0;
        node.Start();
    }

    private void Begin(BridgeFault fault)
    {
        world.Trace.Add(
            world.Time.NowMs, TraceKind.FaultBegins, fault.Target, fault.Id, (ulong)fault.Kind);
        BridgeNode node = world.Nodes[fault.Target];
        if (!OnChain(fault, true) && !OnView(fault, node.View, true) && !OnProcess(fault, node, true))
        {
            OnOfficers(fault, true);
        }
    }

    private void End(BridgeFault fault)
    {
        if (world.Time.NowMs > world.Options.ChaosMs)
        {
            // All that shall end has ended with the chaos.
            return;
        }

        BridgeNode node = world.Nodes[fault.Target];
        if (!OnChain(fault, false) && !OnView(fault, node.View, false) && !OnProcess(fault, node, false))
        {
            OnOfficers(fault, false);
        }
    }

    private bool OnChain(BridgeFault fault, bool begins)
    {
        ModelChain chain = world.Evm.Chain;
        int unfinal = (int)(chain.Latest.Header.Number - chain.Final);
        switch (fault.Kind)
        {
            case BridgeFaultKind.Reorg when begins && unfinal > 0:
                Reorganise(fault, 1 + (int)(fault.Parameter % (ulong)unfinal));
                break;
            case BridgeFaultKind.DeepReorg when begins && unfinal > 0:
                Reorganise(fault, unfinal);
                break;
            case BridgeFaultKind.FinalReversal when begins && chain.Final > 8:
                world.IsReversed = true;
                int depth = unfinal + 1 + (int)(fault.Parameter % 4);
                world.NodeChecks.Reverses(chain.Latest.Header.Number - (ulong)depth);
                Reorganise(fault, depth);
                break;
            case BridgeFaultKind.FinalityStall:
                world.Evm.FinalityStalls = begins;
                Count(fault, begins);
                break;
            case BridgeFaultKind.ForgedUnits when begins:
                world.IsForged = true;
                chain.Supply(BridgeOptions.Tokens[0].Token, 1 + (Int128)(fault.Parameter % 1_000));
                Count(fault, begins);
                break;
            case BridgeFaultKind.FeeSpike:
                chain.BaseFee = begins ? 1_000_000_000 * (3 + (fault.Parameter % 20)) : 1_000_000_000;
                Count(fault, begins);
                break;
            case BridgeFaultKind.Stuck:
                Address sender = world.Nodes[fault.Target].Sender;
                world.Evm.Node.Includes = begins ? (from, _) => from != sender : static (_, _) => true;
                Count(fault, begins);
                break;
            case BridgeFaultKind.RefusedReceiver:
            case BridgeFaultKind.ContractLimit:
                Count(fault, begins);
                break;
            case BridgeFaultKind.LedgerStall:
                world.Ledger.Stalls = begins;
                Count(fault, begins);
                break;
            default:
                return fault.Kind is BridgeFaultKind.Reorg or BridgeFaultKind.DeepReorg
                    or BridgeFaultKind.FinalReversal or BridgeFaultKind.ForgedUnits
                    or BridgeFaultKind.MempoolLoss;
        }

        return true;
    }

    private bool OnView(BridgeFault fault, RemoteView view, bool begins)
    {
        switch (fault.Kind)
        {
            case BridgeFaultKind.ViewLag:
                view.Lag = begins ? 1 + (fault.Parameter % 12) : 0;
                break;
            case BridgeFaultKind.ViewFlaps:
                view.Flaps = begins ? 2 + (int)(fault.Parameter % 4) : 0;
                break;
            case BridgeFaultKind.ViewThrows:
                view.Throws = begins ? 50 + (int)(fault.Parameter % 800) : 0;
                break;
            case BridgeFaultKind.WrongChain:
                view.IsOfAnotherChain = begins;
                break;
            case BridgeFaultKind.OmittedEvents:
                view.Omits = begins;
                break;
            case BridgeFaultKind.InventedEvents:
                view.Invents = begins;
                break;
            case BridgeFaultKind.SwappedOutcomes:
                view.Swaps = begins;
                break;
            case BridgeFaultKind.MovedEvents:
                view.Moves = begins;
                break;
            case BridgeFaultKind.RotationLies:
                view.LiesOfRotations = begins;
                break;
            case BridgeFaultKind.EarlyFinality:
                view.IsEarly = begins;
                break;
            case BridgeFaultKind.WrongSupply:
                view.MoreSupply = begins ? 1 + (fault.Parameter % 500) : 0;
                break;
            case BridgeFaultKind.WrongSupplyEverywhere:
                world.IsDeceived = true;
                foreach (BridgeNode node in world.Nodes)
                {
                    node.View.MoreSupply = begins ? 1 + (fault.Parameter % 500) : 0;
                }

                Count(fault, begins);
                break;
            default:
                return false;
        }

        return true;
    }

    private bool OnProcess(BridgeFault fault, BridgeNode node, bool begins)
    {
        switch (fault.Kind)
        {
            case BridgeFaultKind.Kill:
                node.DiesIn = begins ? (int)(fault.Parameter % 25) : node.DiesIn;
                break;
            case BridgeFaultKind.PowerLoss when begins:
                LosePower(fault, node);
                break;
            case BridgeFaultKind.Outage when begins:
                world.Nodes.ToList().ForEach(one => LosePower(fault, one));
                break;
            case BridgeFaultKind.PowerLossAtWrite when begins:
                Arm(fault, node, fault.Parameter % 2 == 0
                    ? WriteFault.PowerLostBefore
                    : WriteFault.PowerLostAfter);
                break;
            case BridgeFaultKind.TornWrite when begins:
                Arm(fault, node, WriteFault.Torn);
                break;
            case BridgeFaultKind.WriteError when begins:
                Arm(fault, node, fault.Parameter % 2 == 0 ? WriteFault.ErrorBefore : WriteFault.SyncError);
                break;
            case BridgeFaultKind.Pause:
                node.Paused = begins;
                break;
            case BridgeFaultKind.LedgerLag:
                node.LedgerLags = begins;
                break;
            case BridgeFaultKind.OldLedger:
                node.LedgerLags = begins;
                if (begins)
                {
                    // From a backup: the process starts anew on it.
                    (ulong height, ulong lane) = (node.Lane.Height.Value, world.Books.Opened);
                    node.Stop();
                    node.GoBackTo(lane + ((height - lane) * (fault.Parameter % 10) / 10));
                    Count(fault, begins);
                }

                break;
            case BridgeFaultKind.Reset when begins && !world.IsReversed:
                Count(fault, node.Reset());
                break;
            case BridgeFaultKind.SubmitRefused:
                node.Refuses = begins;
                break;
            case BridgeFaultKind.SubmitLost:
                node.Loses = begins ? 200 + (int)(fault.Parameter % 800) : 0;
                break;
            case BridgeFaultKind.ClockSkew:
                node.Clock.OffsetMs = begins ? (long)(fault.Parameter % 7_200_000) - 3_600_000 : 0;
                Count(fault, begins);
                break;
            default:
                return fault.Kind is (>= BridgeFaultKind.Kill and <= BridgeFaultKind.Outage)
                    or BridgeFaultKind.Reset;
        }

        return true;
    }

    private void OnOfficers(BridgeFault fault, bool begins)
    {
        BridgeOfficers officers = world.Officers;
        AssetId asset = BridgeOptions.Tokens[(int)(fault.Parameter % 2)].Asset;
        Address receiver = BridgeClients.Receivers[(int)(fault.Parameter % 3)];
        var tight = new BridgeRate(new Amount(3_000), new Amount(100));
        bool done = fault.Kind switch
        {
            BridgeFaultKind.LocksPaused =>
                begins ? officers.Pause(BridgeStops.Locks) : officers.Resume(BridgeStops.Locks),
            BridgeFaultKind.ReleasesPaused =>
                begins ? officers.Pause(BridgeStops.Releases) : officers.Resume(BridgeStops.Releases),
            BridgeFaultKind.AssetPaused => begins ? officers.PauseAsset(asset) : officers.ResumeAsset(asset),
            BridgeFaultKind.FrozenReceiver =>
                begins ? officers.Freeze(receiver) : officers.Unfreeze(receiver),
            BridgeFaultKind.TightOutbound => officers.Limit(
                asset, begins ? BridgeOfficers.Wide with { Outbound = tight } : BridgeOfficers.Wide),
            BridgeFaultKind.TightInbound => officers.Limit(
                asset, begins ? BridgeOfficers.Wide with { Inbound = tight } : BridgeOfficers.Wide),
            BridgeFaultKind.LargeLocksWait => officers.Limit(
                asset, begins ? BridgeOfficers.Wide with { Delay = Delay(fault) } : BridgeOfficers.Wide),
            BridgeFaultKind.Rotation => begins && officers.Rotate(fault.Target),
            _ => false,
        };
        Count(fault, begins && done);
    }

    private BridgeDelay Delay(BridgeFault fault) => new(
        new Amount(1_000), 1_000 + (fault.Parameter % ((world.Options.LifetimeMs / 2) - 1_000)));

    private void Count(BridgeFault fault, bool happened)
    {
        if (happened)
        {
            world.Fired(fault.Kind);
        }
    }

    private void Reorganise(BridgeFault fault, int depth)
    {
        world.Trace.Add(world.Time.NowMs, TraceKind.Reorganised, -1, (ulong)depth, fault.Id);
        world.Evm.Reorganise(depth, _choices.At(fault.Id));
        Count(fault, true);
    }

    private void LosePower(BridgeFault fault, BridgeNode node)
    {
        if (node.Worker is not null)
        {
            node.LosePower((int)(fault.Parameter % 1_001));
            Count(fault, true);
        }
    }

    private static void Arm(BridgeFault fault, BridgeNode node, WriteFault write)
    {
        node.ArmedKind = fault.Kind;
        node.Disk.Arm((int)(fault.Parameter % 6), write);
    }
}
