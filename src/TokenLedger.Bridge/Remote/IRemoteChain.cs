// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Remote;

/// <summary>A final block abroad.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="ParentHash">Its parent's hash.</param>
/// <param name="StateRoot">The root of the state after it.</param>
/// <param name="TimeSeconds">Its time, seconds since 1970.</param>
public sealed record RemoteHead(
    ulong Number, Hash256 Hash, Hash256 ParentHash, Hash256 StateRoot, ulong TimeSeconds)
{
    /// <summary>The filter of its logs; null when it is not known.</summary>
    public EvmBloom? Logs { get; init; }
}

/// <summary>What the contracts hold after a final block.</summary>
/// <param name="Head">The block.</param>
/// <param name="Burns">The last burn's nonce; 0 before the first.</param>
/// <param name="Accumulator">The hash chain over all burns.</param>
/// <param name="AskedUpTo">The highest nonce that was asked for; of those above, nothing is known.</param>
/// <param name="Consumed">Of the nonces that were asked for, those that are used up.</param>
/// <param name="Supplies">The total supply of each token that was asked for and is there; more than 128 bits
/// as the most that they hold.</param>
public sealed record RemoteState(
    RemoteHead Head,
    ulong Burns,
    Hash256 Accumulator,
    ulong AskedUpTo,
    ImmutableHashSet<ulong> Consumed,
    ImmutableDictionary<Address, Amount> Supplies)
{
    /// <summary>Of mints whose locks this reader's ledger has not come to, by nonce: the time of the final
    /// block at which it first read of them, seconds since 1970. Of those that are missing, this block's.
    /// </summary>
    public ImmutableDictionary<ulong, ulong> UnknownSince { get; init; } =
        ImmutableDictionary<ulong, ulong>.Empty;
}

/// <summary>
/// A chain abroad as several providers agree to show it. What they do not agree on, or what none tells, is a
/// fault: nothing is assumed. Thread-safe.
/// </summary>
/// <remarks>All methods throw <see cref="RemoteFaultException"/>.</remarks>
public interface IRemoteChain
{
    /// <summary>Calls so far to all endpoints, one by one also in a batch.</summary>
    long Calls { get; }

    /// <summary>Requires that the chain and the contracts are those of the lane.</summary>
    Task CheckIdentityAsync(Hash256 ledgerId, OpenBridgeLane lane, CancellationToken cancellationToken);

    /// <summary>The newest final block.</summary>
    Task<RemoteHead> FinalHeadAsync(CancellationToken cancellationToken);

    /// <summary>The block of a number on the chain that now holds; null if there is none.</summary>
    Task<RemoteHead?> HeadAsync(ulong number, CancellationToken cancellationToken);

    /// <summary>The block before one. Any endpoint may tell it, as its hash proves it.</summary>
    Task<RemoteHead> ParentAsync(RemoteHead of, CancellationToken cancellationToken);

    /// <summary>What the contracts hold after a block.</summary>
    Task<RemoteState> StateAsync(
        RemoteHead at,
        IReadOnlyCollection<ulong> nonces,
        IReadOnlyCollection<Address> tokens,
        CancellationToken cancellationToken);

    /// <summary>What happened in blocks, both included, in order: burns, mints, voids, rotations.</summary>
    Task<ImmutableArray<BridgeObservation>> FactsAsync(
        ulong from, ulong to, CancellationToken cancellationToken);

    /// <summary>Which items of batches the bridge left out in blocks, both included, in order.</summary>
    Task<ImmutableArray<MintRefusal>> RefusalsAsync(
        ulong from, ulong to, CancellationToken cancellationToken);
}

/// <summary>Why a chain abroad cannot be read now.</summary>
public sealed class RemoteFaultException : Exception
{
    /// <summary>Says why.</summary>
    public RemoteFaultException(string message, Exception? cause = null, bool isTransient = true)
        : base(message, cause) => IsTransient = isTransient;

    /// <summary>False when asking again cannot help: another chain, other contracts.</summary>
    public bool IsTransient { get; }
}
