// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Evm;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// The chain abroad as one signer's endpoints agree to show it. What is proved against the state root (counts
/// and hash chain of burns, used nonces) is true or not told at all, unless the blocks themselves are forged;
/// events and supplies may be lies.
/// </summary>
internal sealed class RemoteView(BridgeWorld world, BridgeNode node) : IRemoteChain
{
    private static readonly EvmBloom NoLogs = new([.. new byte[EvmBloom.Size]]);
    private static readonly EvmBloom AllLogs = new([.. Enumerable.Repeat(byte.MaxValue, EvmBloom.Size)]);

    private readonly Purpose _choices = new(world.Options.Seed, $"view {node.Index}");
    private ulong _reads;

    /// <summary>One for each read.</summary>
    public long Calls => (long)_reads;

    /// <summary>How many blocks its final one is behind.</summary>
    public ulong Lag { get; set; }

    /// <summary>How far its final block goes to and fro.</summary>
    public int Flaps { get; set; }

    /// <summary>So many of a thousand reads get no answer.</summary>
    public int Throws { get; set; }

    public bool IsOfAnotherChain { get; set; }

    public bool Omits { get; set; }

    public bool Invents { get; set; }

    public bool Swaps { get; set; }

    public bool Moves { get; set; }

    public bool LiesOfRotations { get; set; }

    /// <summary>The newest block is called final.</summary>
    public bool IsEarly { get; set; }

    /// <summary>So much more than there is.</summary>
    public ulong MoreSupply { get; set; }

    /// <summary>It told what nothing can show to be wrong.</summary>
    public bool Misled { get; private set; }

    /// <summary>Everything is true again; what was told before stays told.</summary>
    public void Heal()
    {
        (Lag, Flaps, Throws, MoreSupply) = (0, 0, 0, 0);
        (IsOfAnotherChain, Omits, Invents, Swaps) = (false, false, false, false);
        (Moves, LiesOfRotations, IsEarly) = (false, false, false);
    }

    public Task CheckIdentityAsync(
        Hash256 ledgerId, OpenBridgeLane lane, CancellationToken cancellationToken)
    {
        Begin("identity");
        if (IsOfAnotherChain)
        {
            world.Fired(BridgeFaultKind.WrongChain);
            throw new RemoteFaultException("another chain", isTransient: false);
        }

        return Task.CompletedTask;
    }

    public Task<RemoteHead> FinalHeadAsync(CancellationToken cancellationToken)
    {
        DeterministicRandom random = Begin("final");
        ModelChain chain = world.Evm.Chain;
        ulong final = chain.Final;
        if (IsEarly && chain.Latest.Header.Number > final)
        {
            world.Fired(BridgeFaultKind.EarlyFinality);
            Misled = true;
            return Task.FromResult(chain.Latest.Head);
        }

        ulong behind = Lag + (Flaps > 0 ? (ulong)random.Below(Flaps) : 0);
        if (behind > 0)
        {
            world.Fired(Lag > 0 ? BridgeFaultKind.ViewLag : BridgeFaultKind.ViewFlaps);
        }

        return Task.FromResult(WithLogs(final - Math.Min(behind, final)));
    }

    /// <summary>In half of the seeds with the filter of logs: events, and supplies that change.</summary>
    private RemoteHead WithLogs(ulong number)
    {
        ModelBlock block = world.Evm.Chain[number];
        ModelBlock before = world.Evm.Chain[number - Math.Min(number, 1)];
        bool quiet = block.Facts.IsEmpty && BridgeOptions.Tokens.All(one =>
            before.After.Supplies.GetValueOrDefault(one.Token)
                == block.After.Supplies.GetValueOrDefault(one.Token));
        return world.Options.Seed % 2 == 0
            ? block.Head
            : block.Head with { Logs = quiet ? NoLogs : AllLogs };
    }

    public Task<RemoteHead> ParentAsync(RemoteHead of, CancellationToken cancellationToken)
    {
        Begin("parent");
        ModelChain chain = world.Evm.Chain;
        ulong number = of.Number - 1;
        return number <= chain.Latest.Header.Number && chain[number].Head.Hash == of.ParentHash
            ? Task.FromResult(WithLogs(number))
            : throw new RemoteFaultException($"Nobody has the block before block {of.Number}.");
    }

    public Task<RemoteHead?> HeadAsync(ulong number, CancellationToken cancellationToken)
    {
        Begin("head");
        ModelChain chain = world.Evm.Chain;
        return Task.FromResult(number <= chain.Latest.Header.Number ? chain[number].Head : null);
    }

    public Task<RemoteState> StateAsync(
        RemoteHead at,
        IReadOnlyCollection<ulong> nonces,
        IReadOnlyCollection<Address> tokens,
        CancellationToken cancellationToken)
    {
        Begin("state");
        ModelChain chain = world.Evm.Chain;
        if (at.Number > chain.Latest.Header.Number || chain[at.Number].Head.Hash != at.Hash)
        {
            throw new RemoteFaultException($"Block {at.Number} is not known.");
        }

        RemoteState state = chain.State(at, nonces, tokens);
        if (MoreSupply > 0)
        {
            Misled = true;
            world.Fired(BridgeFaultKind.WrongSupply);
            state = state with
            {
                Supplies = state.Supplies.ToImmutableDictionary(
                    pair => pair.Key, pair => pair.Value + new Amount(MoreSupply)),
            };
        }

        return Task.FromResult(state);
    }

    public Task<ImmutableArray<BridgeObservation>> FactsAsync(
        ulong from, ulong to, CancellationToken cancellationToken)
    {
        DeterministicRandom random = Begin("facts");
        List<BridgeObservation> facts = [.. world.Evm.Chain.Facts(from, to)];
        bool omits = Lie(BridgeFaultKind.OmittedEvents, Omits, facts, list => Omit(list, random));
        bool invents = Lie(BridgeFaultKind.InventedEvents, Invents, facts, list => Invent(list, to, random));

        // A mint left out and a void invented in its place are an outcome swapped (seed 479).
        Misled |= omits && invents;
        Lie(BridgeFaultKind.SwappedOutcomes, Swaps, facts, Swap);
        Lie(BridgeFaultKind.MovedEvents, Moves, facts, list => Move(list, random));
        Lie(BridgeFaultKind.RotationLies, LiesOfRotations, facts, list => LieOfRotations(list, to));
        return Task.FromResult(facts.ToImmutableArray());
    }

    private bool Lie(
        BridgeFaultKind kind,
        bool lies,
        List<BridgeObservation> facts,
        Func<List<BridgeObservation>, bool> bend)
    {
        bool told = lies && bend(facts);
        if (told)
        {
            world.Fired(kind);
            Misled |= kind is BridgeFaultKind.SwappedOutcomes or BridgeFaultKind.MovedEvents
                or BridgeFaultKind.RotationLies;
        }

        return told;
    }

    /// <summary>Rotations stay: nothing but other signers shows that one is missing.</summary>
    private static bool Omit(List<BridgeObservation> facts, DeterministicRandom random) =>
        facts.RemoveAll(fact => fact is not RotationObserved && random.PerMille(600)) > 0;

    private bool Invent(List<BridgeObservation> facts, ulong to, DeterministicRandom random)
    {
        Contracts then = world.Evm.Chain[to].After;
        var place = new BridgePlace(to, world.Evm.Chain[to].Header.Hash, world.Ledger.Genesis.Hash);
        ulong nonce = random.Between(1, world.Ledger.Lane.Lane.NextLock + 1);
        Address token = random.Pick(BridgeOptions.Tokens).Token;
        var burn = new BurnObserved(
            facts.OfType<BurnObserved>().LastOrDefault()?.Nonce + 1 ?? then.Burns + 1, token,
            BridgeClients.Holders[0], BridgeRecipient.Of(TestNetwork.Alice), new Amount(1_000), default,
            place);
        BridgeObservation invented = random.Below(4) switch
        {
            0 => new MintObserved(nonce, place),
            1 => new VoidObserved(nonce, place),
            2 => burn with { Accumulator = BurnChain.Next(then.Accumulator, burn) },
            _ => facts.Count > 0 ? random.Pick(facts) : new MintObserved(nonce, place),
        };
        if (invented is MintObserved or VoidObserved && then.Consumed.Contains(nonce))
        {
            // With the true event left out it would be a swapped one, which nothing shows.
            return false;
        }

        facts.Add(invented);
        return true;
    }

    private static bool Swap(List<BridgeObservation> facts)
    {
        bool any = false;
        for (int i = 0; i < facts.Count; i++)
        {
            any |= facts[i] is MintObserved or VoidObserved;
            facts[i] = facts[i] switch
            {
                MintObserved o => new VoidObserved(o.Nonce, o.Place),
                VoidObserved o => new MintObserved(o.Nonce, o.Place),
                BridgeObservation other => other,
            };
        }

        return any;
    }

    private static bool Move(List<BridgeObservation> facts, DeterministicRandom random)
    {
        BridgePlace Elsewhere(BridgePlace place) => random.PerMille(500)
            ? place with { TransactionHash = Hash256.Zero }
            : place with { Number = place.Number - 1 };
        bool any = facts.Count > 0;
        for (int i = 0; i < facts.Count; i++)
        {
            facts[i] = facts[i] switch
            {
                MintObserved o => o with { Place = Elsewhere(o.Place) },
                VoidObserved o => o with { Place = Elsewhere(o.Place) },
                BurnObserved o => o with { Place = Elsewhere(o.Place) },
                BridgeObservation other => other,
            };
        }

        return any;
    }

    public Task<ImmutableArray<MintRefusal>> RefusalsAsync(
        ulong from, ulong to, CancellationToken cancellationToken) =>
        Task.FromResult(world.Evm.Chain.Refusals(from, to));

    private bool LieOfRotations(List<BridgeObservation> facts, ulong to)
    {
        if (facts.RemoveAll(static fact => fact is RotationObserved) > 0)
        {
            return true;
        }

        BridgeLaneState lane = world.Ledger.Lane.Lane;
        if (lane.Rotation == 0)
        {
            return false;
        }

        ModelBlock block = world.Evm.Chain[to];
        facts.Add(new RotationObserved(
            lane.Epoch + 1, BridgeSignerKeys.Hash(world.Ledger.Lane.Messages[lane.Rotation].Signers),
            new BridgePlace(to, block.Header.Hash, block.Header.Hash)));
        return true;
    }

    /// <summary>Each read may be the last of the process, or get no answer.</summary>
    private DeterministicRandom Begin(string what)
    {
        node.Before(what);
        DeterministicRandom random = _choices.At(++_reads);
        if (Throws > 0 && random.PerMille(Throws))
        {
            world.Fired(BridgeFaultKind.ViewThrows);
            throw new RemoteFaultException($"No answer to {what}.");
        }

        return random;
    }
}
