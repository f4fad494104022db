// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Evm;

namespace TokenLedger.Testing;

/// <summary>What the contracts hold, and what every account sent and holds, after a block.</summary>
public sealed record Contracts(
    ulong Burns,
    Hash256 Accumulator,
    ImmutableHashSet<ulong> Consumed,
    ImmutableDictionary<Address, Amount> Supplies,
    ImmutableDictionary<Address, (UInt128 Minted, UInt128 MostLocked)> Books,
    ulong Epoch,
    ImmutableArray<BridgeSigner> Signers,
    ImmutableDictionary<Address, ulong> Nonces,
    ImmutableSortedDictionary<(Address Token, Address Holder), Amount> Holdings)
{
    /// <summary>Words of nonces that were written before one of them was used up.</summary>
    public ImmutableHashSet<ulong> Prepared { get; init; } = [0];

    /// <summary>Nothing happened yet.</summary>
    public static Contracts Deployed(ImmutableArray<BridgeSigner> signers) => new(
        0, Hash256.Zero, [], ImmutableDictionary<Address, Amount>.Empty,
        ImmutableDictionary<Address, (UInt128 Minted, UInt128 MostLocked)>.Empty, 1, signers,
        ImmutableDictionary<Address, ulong>.Empty,
        ImmutableSortedDictionary<(Address Token, Address Holder), Amount>.Empty);

    /// <summary>What an account holds of a token.</summary>
    public Amount Of(Address token, Address holder) => Holdings.GetValueOrDefault((token, holder));

    /// <summary>The same with so much more, or less, on an account.</summary>
    public Contracts Credited(Address token, Address holder, Int128 more) => this with
    {
        Holdings = Holdings.SetItem(
            (token, holder), new Amount((UInt128)((Int128)Of(token, holder).Units + more))),
    };
}

/// <summary>What is told in place of what happened.</summary>
public delegate ImmutableArray<BridgeObservation> FactsLie(ImmutableArray<BridgeObservation> facts);

/// <summary>A block of the model.</summary>
public sealed record ModelBlock(
    EvmBlockHeader Header, Contracts After, ImmutableArray<BridgeObservation> Facts)
{
    /// <summary>Items of batches that were left out.</summary>
    public ImmutableArray<MintRefusal> Refusals { get; init; } = [];

    public RemoteHead Head => new(
        Header.Number, Header.Hash, Header.ParentHash, Header.StateRoot, Header.Timestamp);
}

/// <summary>A call that the contracts refuse.</summary>
public sealed class RevertException(string message) : Exception(message);
