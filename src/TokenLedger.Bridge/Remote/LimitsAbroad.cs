// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Remote;

/// <summary>What passes abroad in one direction: a token bucket, in atomic units.</summary>
/// <param name="Capacity">The most that passes at once.</param>
/// <param name="Available">What passes at the block's time.</param>
/// <param name="WindowSeconds">In how many seconds an empty one fills.</param>
public readonly record struct RateAbroad(Amount Capacity, Amount Available, uint WindowSeconds);

/// <summary>What the contracts let pass of a token, in atomic units.</summary>
/// <param name="Listed">False for a token that the contract does not know; the rest is zero then.</param>
/// <param name="PerItem">The most of one mint.</param>
/// <param name="Ceiling">The most that may exist.</param>
/// <param name="Mint">What may be minted.</param>
/// <param name="Burn">What may be burned.</param>
public sealed record TokenLimits(
    bool Listed, Amount PerItem, Amount Ceiling, RateAbroad Mint, RateAbroad Burn);

/// <summary>What the contracts abroad let pass after a final block.</summary>
/// <param name="Head">The block.</param>
/// <param name="MintPaused">Nothing is minted.</param>
/// <param name="BurnPaused">Nothing is burned.</param>
/// <param name="Tokens">Limits, by token.</param>
public sealed record LimitsAbroad(
    RemoteHead Head, bool MintPaused, bool BurnPaused, ImmutableDictionary<Address, TokenLimits> Tokens);

/// <summary>
/// Reads limits abroad as a quorum of providers tells them, in the state after one block. They rest on the
/// providers' word: nothing is decided by them. Thread-safe.
/// </summary>
public static class LimitsReader
{
    /// <summary>Reads the limits, with one request to each provider for nearly a hundred tokens.</summary>
    /// <param name="providers">Who is asked, and how many must say the same.</param>
    /// <param name="bridge">The contract.</param>
    /// <param name="at">The block.</param>
    /// <param name="tokens">Of which tokens.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RemoteFaultException">Too few providers say the same.</exception>
    public static async Task<LimitsAbroad> ReadAsync(
        ProviderQuorum providers, Address bridge, RemoteHead at, IReadOnlyCollection<Address> tokens,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(providers);
        ArgumentNullException.ThrowIfNull(at);
        EvmCall[] calls =
        [
            new EvmCall(bridge, BridgeAbi.MintPaused.EncodeCall()),
            new EvmCall(bridge, BridgeAbi.BurnPaused.EncodeCall()),
            .. tokens.Select(token => new EvmCall(bridge, BridgeAbi.State.EncodeCall(token))),
        ];
        try
        {
            var answers = new List<byte[]>();
            foreach (EvmCall[] part in calls.Chunk(EvmLimits.BatchRequests))
            {
                QuorumAnswer<byte[][]> told = await providers.ReadAsync(
                    $"the limits in block {at.Number}", (c, t) => c.CallAllAsync(part, at.Hash, t),
                    cancellationToken).ConfigureAwait(false);
                answers.AddRange(told.Value);
            }

            return new LimitsAbroad(
                at, (bool)BridgeAbi.MintPaused.DecodeResult(answers[0])[0],
                (bool)BridgeAbi.BurnPaused.DecodeResult(answers[1])[0],
                tokens.Zip(answers.Skip(2)).ToImmutableDictionary(
                    static one => one.First, static one => Limits(one.Second)));
        }
        catch (Exception e) when (e is EvmQuorumException or EvmCallException or EvmFormatException)
        {
            throw new RemoteFaultException(e.Message, e);
        }
    }

    private static TokenLimits Limits(byte[] answer)
    {
        object[] v = (object[])BridgeAbi.State.DecodeResult(answer)[0];
        return new TokenLimits(
            (bool)v[11], Units(v[4]), Units(v[3]),
            new RateAbroad(Units(v[5]), Units(v[6]), Seconds(v[7])),
            new RateAbroad(Units(v[8]), Units(v[9]), Seconds(v[10])));
    }

    private static Amount Units(object value) => new((UInt128)(UInt256)value);

    private static uint Seconds(object value) => (uint)(ulong)(UInt256)value;
}
