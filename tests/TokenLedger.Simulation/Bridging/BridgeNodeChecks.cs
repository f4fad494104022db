// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Evm;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>What must hold of each honest signer, at whatever it signs, says, sends and keeps.</summary>
internal sealed class BridgeNodeChecks(BridgeWorld world)
{
    private readonly Dictionary<(Address Key, ulong Epoch, ulong Nonce), Hash256> _mints = [];

    /// <summary>Signers that had read a final block that gave way.</summary>
    private readonly HashSet<int> _mustHalt = [];

    private ModelChain Chain => world.Evm.Chain;

    /// <summary>Before a signature is made.</summary>
    public void Signs(BridgeNode node, Hash256 digest)
    {
        LaneView ledger = node.Lane;
        BridgeMessageState? asked = ledger.Messages.Values.FirstOrDefault(
            message => world.Messages.Digest(message, ledger.Lane.Epoch) == digest);
        world.Checker.Require("signers sign what their final ledger asks for", asked is not null, node.Index);
        world.Trace.Add(world.Time.NowMs, TraceKind.Sign, node.Index, BridgeWorld.Word(digest));
        Silent(node);
        if (asked!.Kind == BridgeMessageKind.Rotation)
        {
            return;
        }

        world.Checker.Require("nothing is signed while the backing differs", Adds(node, asked), node.Index);
        if (asked.Kind == BridgeMessageKind.Mint)
        {
            bool stands = (ledger.Lane.Stops & (BridgeStops.Locks | BridgeStops.Halted)) != 0;
            world.Checker.Require("no mint is signed while locks stand", !stands, node.Index);
            foreach (BridgeItem item in asked.Items)
            {
                (Address, ulong, ulong) place = (node.Key, ledger.Lane.Epoch, item.Nonce);
                bool same = !_mints.TryGetValue(place, out Hash256 before) || before == digest;
                world.Checker.Require("a signer signs one mint of a nonce in an epoch", same, item);
                _mints[place] = digest;
            }
        }
    }

    /// <summary>Before operations are handed in.</summary>
    public void Submits(BridgeNode node, ImmutableArray<Operation> operations)
    {
        Silent(node);
        foreach (BridgeObservation observation in
            operations.OfType<ObserveBridge>().SelectMany(static one => one.Observations))
        {
            if (node.IsTruthful && !world.IsReversed)
            {
                world.Checker.Require(
                    observation is MismatchObserved
                        ? "no alarm is false"
                        : "what a signer observes is in a final block",
                    IsTrue(node, observation), $"signer {node.Index}: {observation}");
            }
        }
    }

    /// <summary>A transaction reaches a node abroad.</summary>
    /// <returns>Whether it is kept there.</returns>
    public bool Sends(Address from, SignedEip1559Transaction signed)
    {
        BridgeNode node = world.Nodes.Single(one => one.Sender == from);
        using var store = new MemoryStore(node.Disk.Memory.DurableCopy(), BridgeJournal.Families);
        bool written = new BridgeJournal(store, BridgeOptions.ChainId).ReadSends()
            .Any(sent => sent.Signed.Hash == signed.Hash);
        world.Checker.Require("what is sent was written down", written, $"signer {node.Index}");
        BridgeFault? loss = world.Options.Faults.FirstOrDefault(fault =>
            fault.Kind == BridgeFaultKind.MempoolLoss && fault.AtMs <= world.Time.NowMs
            && world.Time.NowMs < fault.EndMs && world.Time.NowMs < world.Options.ChaosMs);
        if (loss is not null)
        {
            world.Fired(BridgeFaultKind.MempoolLoss);
        }

        return loss is null;
    }

    /// <summary>A process came up: of what it has read, it has kept all that the ledger has not decided.
    /// </summary>
    public void Starts(BridgeNode node)
    {
        if (!node.IsTruthful || world.IsReversed || node.Journal!.Head is not { } head)
        {
            return;
        }

        HashSet<BridgeSubject> kept = [.. node.Journal.ReadFacts().Select(static fact => fact.Subject)];
        foreach (BridgeObservation fact in Chain.Facts(1, Math.Min(head.Number, Chain.Final)))
        {
            world.Checker.Require(
                "what was read and is not decided is kept", IsDecided(fact) || kept.Contains(fact.Subject),
                $"signer {node.Index}, block {head.Number}: {fact}");
        }
    }

    /// <summary>After a look.</summary>
    public void Looked(BridgeNode node, BridgeStatus status) => world.Checker.Require(
        "a bridge halts only for a reversal",
        status.Halt.Length == 0 || world.IsReversed || node.View.Misled, $"signer {node.Index}");

    /// <summary>Final blocks are about to give way, those above a number.</summary>
    public void Reverses(ulong number)
    {
        foreach (BridgeNode node in world.Nodes.Where(one => !one.IsByzantine))
        {
            using var store = new MemoryStore(node.Disk.Memory.DurableCopy(), BridgeJournal.Families);
            if (new BridgeJournal(store, BridgeOptions.ChainId).Head is { } head && head.Number > number)
            {
                _mustHalt.Add(node.Index);
            }
        }
    }

    /// <summary>The end of a run in which final blocks gave way.</summary>
    public void RequireHalted()
    {
        foreach (BridgeNode node in world.Nodes.Where(
            one => _mustHalt.Contains(one.Index) && one.Index < world.Options.Healthy))
        {
            world.Checker.Require(
                "who had read a block that gave way halts", node.Journal?.Halt is not null,
                $"signer {node.Index}: {node.Status?.Note}");
        }
    }

    private void Silent(BridgeNode node) => world.Checker.Require(
        "a halted bridge says and signs nothing", node.Journal?.Halt is null, $"signer {node.Index}");

    /// <summary>Both sides of what a signer has read, with the true supply, counted by nobody's code but
    /// this.</summary>
    private bool Adds(BridgeNode node, BridgeMessageState message)
    {
        if (world.IsReversed || node.View.Misled && node.Status?.Final is null)
        {
            return true;
        }

        RemoteHead head = node.Status!.Final!;
        if (Chain.Latest.Header.Number < head.Number || Chain[head.Number].Header.Hash != head.Hash)
        {
            // A block that was called final too early, and is gone.
            return node.View.Misled;
        }

        AssetId asset = BridgeOptions.Tokens.Single(one => one.Token == message.Token).Asset;
        Contracts then = Chain[head.Number].After;
        ImmutableArray<BridgeObservation> facts = Chain.Facts(0, head.Number);
        HashSet<ulong> minted = [.. facts.OfType<MintObserved>().Select(static mint => mint.Nonce)];
        UInt128 explained = then.Supplies.GetValueOrDefault(message.Token).Units;
        foreach ((ulong nonce, BridgeLockState locked) in node.Lane.Outstanding)
        {
            explained += locked.Asset == asset && !minted.Contains(nonce) ? locked.Amount.Units : 0;
        }

        foreach (BurnObserved burn in facts.OfType<BurnObserved>().Where(one => one.Token == message.Token))
        {
            explained += node.Lane.Burn(burn.Nonce) is { Status: BridgeBurnStatus.Released }
                ? 0
                : burn.Amount.Units;
        }

        return explained == node.Lane.Tokens[asset].InEscrow.Units
            && node.Status.Backing.Single(one => one.Asset == asset).Supply
                == then.Supplies.GetValueOrDefault(message.Token);
    }

    private bool IsTrue(BridgeNode node, BridgeObservation observation) => observation switch
    {
        MismatchObserved => world.IsForged,
        SupplyObserved o => o.SeenAt <= Chain.Final && Chain[o.SeenAt].Header.Hash == o.Place.BlockHash
            && (Chain[o.SeenAt].After.Supplies.GetValueOrDefault(o.Token), Chain[o.SeenAt].After.Burns)
                == (o.Supply, o.Burns),
        ExpiryObserved o => node.Status!.Final is { } head
            && Chain[head.Number].Header.Hash == head.Hash
            && head.TimeSeconds > node.Lane.Outstanding[o.Nonce].DeadlineSeconds
            && !Chain[head.Number].After.Consumed.Contains(o.Nonce),
        _ => observation.SeenAt <= Chain.Final && Chain[observation.SeenAt].Facts.Contains(observation),
    };

    private bool IsDecided(BridgeObservation fact)
    {
        LaneView lane = world.Ledger.Lane;
        return fact switch
        {
            BurnObserved o => o.Nonce < lane.Lane.NextBurn,
            RotationObserved o => o.Epoch <= lane.Lane.Epoch,
            _ => !lane.Outstanding.ContainsKey(fact.Subject.Number),
        };
    }
}
