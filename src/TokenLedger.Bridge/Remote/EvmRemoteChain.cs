// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Crypto;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Remote;

/// <summary>
/// An Ethereum chain as a quorum of JSON-RPC providers shows it. What the contracts hold is read with proofs
/// against the block's state root; what happened is read from logs and checked against those proofs: the hash
/// chain over burns leaves none out and lets none in.
/// </summary>
/// <param name="providers">The providers and how many must agree.</param>
/// <param name="terms">The lane's contracts.</param>
/// <param name="settings">Code hashes, and the rest.</param>
public sealed class EvmRemoteChain(ProviderQuorum providers, OpenBridgeLane terms, LaneSettings settings)
    : IRemoteChain
{
    /// <summary>The endpoint that told of a parent last: one that hangs is not waited for at each block.
    /// </summary>
    private volatile int _teller;

    /// <inheritdoc/>
    public long Calls => providers.Clients.Sum(static client => client.Provider.Requests);

    /// <inheritdoc/>
    public Task CheckIdentityAsync(
        Hash256 ledgerId, OpenBridgeLane lane, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            ulong chainId = await AskAsync(
                "the chain's id", static (c, t) => c.ChainIdAsync(t), cancellationToken)
                    .ConfigureAwait(false);
            Require(chainId == lane.ChainId, $"The endpoints serve chain {chainId}, not {lane.ChainId}.");
            EvmBlockHeader? genesis = await AskAsync(
                "block 0", static (c, t) => c.BlockAsync(BlockId.Number(0), t), cancellationToken)
                .ConfigureAwait(false);
            Require(genesis?.Hash == lane.RemoteGenesis, "The endpoints serve a chain of another origin.");
            await RequireCodeAsync(lane.Contract, settings.CodeHash, cancellationToken).ConfigureAwait(false);
            await RequireCodeAsync(lane.SignerContract, settings.SignerCodeHash, cancellationToken)
                .ConfigureAwait(false);
            byte[] ledger = await CallAsync(
                lane.SignerContract, LaneContracts.LedgerId, BlockId.Latest, cancellationToken)
                    .ConfigureAwait(false);
            Require(ledgerId.ToArray().AsSpan().SequenceEqual(ledger), "The contracts are another ledger's.");
            byte[] set = await CallAsync(
                lane.Contract, LaneContracts.ValidatorSet, BlockId.Latest, cancellationToken)
                    .ConfigureAwait(false);
            Require(
                (Address)LaneContracts.ValidatorSet.DecodeResult(set)[0] == lane.SignerContract,
                "The bridge asks another register of signers.");
            return true;
        });

    /// <inheritdoc/>
    public Task<RemoteHead> FinalHeadAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        // Providers are some blocks apart. As many as must agree call the chosen one final, or a later one:
        // of liars there would have to be as many.
        EvmBlockHeader?[] told = await Task.WhenAll(
            providers.Clients.Select(client => BlockOfAsync(client, BlockId.Finalized, cancellationToken)))
                .ConfigureAwait(false);
        EvmBlockHeader[] heads =
            [.. told.OfType<EvmBlockHeader>().OrderByDescending(static header => header.Number)];
        if (heads.Length < providers.Required)
        {
            throw new RemoteFaultException(
                $"{heads.Length} of {told.Length} endpoints tell of a final block; {providers.Required} "
                + "must.");
        }

        EvmBlockHeader chosen = heads[providers.Required - 1];
        return heads.Count(header => header.Hash == chosen.Hash) >= providers.Required
            ? HeadOf(chosen)
            : await HeadAsync(chosen.Number, cancellationToken).ConfigureAwait(false)
                ?? throw new RemoteFaultException($"Block {chosen.Number} is final and not there.");
    });

    /// <inheritdoc/>
    public Task<RemoteHead?> HeadAsync(ulong number, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            EvmBlockHeader? header = await AskAsync(
                $"block {number}", (c, t) => c.BlockAsync(BlockId.Number(number), t), cancellationToken)
                .ConfigureAwait(false);
            return header is null ? null : HeadOf(header);
        });

    /// <inheritdoc/>
    public async Task<RemoteHead> ParentAsync(RemoteHead of, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(of);
        int first = _teller;
        for (int i = 0; i < providers.Clients.Count; i++)
        {
            int at = (first + i) % providers.Clients.Count;
            if (await BlockOfAsync(providers.Clients[at], of.ParentHash, cancellationToken)
                .ConfigureAwait(false) is { } header && header.Number + 1 == of.Number)
            {
                _teller = at;
                return HeadOf(header);
            }
        }

        throw new RemoteFaultException($"No endpoint has the block before block {of.Number}.");
    }

    /// <inheritdoc/>
    public Task<RemoteState> StateAsync(
        RemoteHead at,
        IReadOnlyCollection<ulong> nonces,
        IReadOnlyCollection<Address> tokens,
        CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        // What one call takes, over and over: any number of locks may be open far apart.
        ConsumedBit[] bits = [.. nonces.Select(BridgeSlots.BitOf)];
        ulong[] words = [.. bits.Select(static bit => bit.Word).Distinct().Order()];
        var values = new Dictionary<Hash256, UInt256>();
        foreach (Hash256[] part in words.Select(BridgeSlots.Consumed)
            .Prepend(BridgeSlots.Accumulator).Prepend(BridgeSlots.Burns).Chunk(EvmLimits.ProofSlots))
        {
            foreach (EvmSlotProof slot in await SlotsAsync(at, [.. part], cancellationToken)
                .ConfigureAwait(false))
            {
                values[slot.Slot] = slot.Value;
            }
        }

        ImmutableHashSet<ulong> consumed =
        [
            .. nonces.Zip(bits).Where(pair => BridgeSlots.IsSet(
                values[BridgeSlots.Consumed(pair.Second.Word)], pair.Second)).Select(pair => pair.First),
        ];
        return new RemoteState(
            at, BridgeSlots.BurnsOf(values[BridgeSlots.Burns]),
            new Hash256(values[BridgeSlots.Accumulator].ToArray()),
            nonces.Count == 0 ? 0 : nonces.Max(), consumed,
            await SuppliesAsync(at, tokens, cancellationToken).ConfigureAwait(false));
    });

    /// <inheritdoc/>
    public Task<ImmutableArray<BridgeObservation>> FactsAsync(
        ulong from, ulong to, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var filter = new EvmLogFilter(
            [terms.Contract, terms.SignerContract],
            [[BridgeAbi.Minted.Topic, BridgeAbi.NonceVoided.Topic, BridgeAbi.Burned.Topic,
                BridgeAbi.SetRotated.Topic]]);
        ImmutableArray<EvmLog> logs = await AskAsync(
            $"what happened in blocks {from} to {to}", (c, t) => c.LogsAsync(filter, from, to, t),
            cancellationToken).ConfigureAwait(false);
        return logs.Select(log => BridgeAbi.Read(log, terms)).OfType<BridgeObservation>().ToImmutableArray();
    });

    /// <inheritdoc/>
    public Task<ImmutableArray<MintRefusal>> RefusalsAsync(
        ulong from, ulong to, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        EvmLogFilter filter = EvmLogFilter.Of(terms.Contract, BridgeAbi.MintRejected);
        ImmutableArray<EvmLog> logs = await AskAsync(
            $"what was refused in blocks {from} to {to}", (c, t) => c.LogsAsync(filter, from, to, t),
            cancellationToken).ConfigureAwait(false);
        return logs.Select(BridgeAbi.ReadRefusal).ToImmutableArray();
    });

    /// <summary>Slots of the bridge's storage, proved against the block's state root.</summary>
    private async Task<ImmutableArray<EvmSlotProof>> SlotsAsync(
        RemoteHead at, ImmutableArray<Hash256> slots, CancellationToken cancellationToken)
    {
        EvmAccountProof proof = await AskAsync(
            $"the bridge's storage in block {at.Number}",
            async (c, t) =>
            {
                EvmAccountProof told = await c.ProofAsync(terms.Contract, slots, at.Hash, t)
                    .ConfigureAwait(false);
                return told.Verify(at.StateRoot) is null
                    ? throw new EvmFormatException($"Block {at.Number} knows no bridge.")
                    : told;
            },
            cancellationToken).ConfigureAwait(false);
        return proof.Slots;
    }

    private async Task<ImmutableDictionary<Address, Amount>> SuppliesAsync(
        RemoteHead at, IReadOnlyCollection<Address> tokens, CancellationToken cancellationToken)
    {
        var supplies = ImmutableDictionary.CreateBuilder<Address, Amount>();
        foreach (Address[] part in tokens.Chunk(EvmLimits.BatchRequests))
        {
            EvmCall[] calls =
                [.. part.Select(static token => new EvmCall(token, BridgeAbi.TotalSupply.EncodeCall()))];
            byte[][] answers = await AskAsync(
                $"the supplies in block {at.Number}", (c, t) => c.CallAllAsync(calls, at.Hash, t),
                cancellationToken).ConfigureAwait(false);
            foreach ((Address token, byte[] answer) in part.Zip(answers))
            {
                // What has no code answers with nothing: its contract comes in a later block.
                if (answer.Length > 0)
                {
                    var supply = (UInt256)BridgeAbi.TotalSupply.DecodeResult(answer)[0];
                    supplies[token] = new Amount(
                        supply <= UInt128.MaxValue ? (UInt128)supply : UInt128.MaxValue);
                }
            }
        }

        return supplies.ToImmutable();
    }

    /// <summary>A block as one endpoint tells it; null when it does not.</summary>
    private async Task<EvmBlockHeader?> BlockOfAsync(
        EvmClient client, BlockId block, CancellationToken cancellationToken)
    {
        try
        {
            return await client.BlockAsync(block, cancellationToken)
                .WaitAsync(settings.Deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is EvmCallException or TimeoutException)
        {
            return null;
        }
    }

    private async Task RequireCodeAsync(Address contract, Hash256 expected,
        CancellationToken cancellationToken)
    {
        byte[] code = await AskAsync(
            $"the code of {contract}", (c, t) => c.CodeAsync(contract, BlockId.Latest, t), cancellationToken)
            .ConfigureAwait(false);
        Require(
            code.Length > 0 && Keccak256.Hash(code) == expected,
            $"The code of {contract} is not the one that this validator was configured for.");
    }

    private Task<byte[]> CallAsync(
        Address contract, AbiFunction function, BlockId block, CancellationToken cancellationToken) =>
            AskAsync(
            $"{function.Name} of {contract}",
            (c, t) => c.CallAsync(new EvmCall(contract, function.EncodeCall()), block, t), cancellationToken);

    private async Task<T> AskAsync<T>(
        string what, Func<EvmClient, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        (await providers.ReadAsync(what, read, cancellationToken).ConfigureAwait(false)).Value;

    private static async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception e) when (e is EvmQuorumException or EvmCallException or EvmFormatException)
        {
            throw new RemoteFaultException(e.Message, e);
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new RemoteFaultException(otherwise, isTransient: false);
        }
    }

    private static RemoteHead HeadOf(EvmBlockHeader header) =>
        new(header.Number, header.Hash, header.ParentHash, header.StateRoot, header.Timestamp)
        {
            Logs = new EvmBloom(header.LogsBloom),
        };
}
