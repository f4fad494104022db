// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Execution;
using TokenLedger.Protocol.Wire;
using TokenLedger.Runtime;
using TokenLedger.Storage;

namespace TokenLedger.Node.Bridging;

/// <summary>
/// The bridge's door to this node's ledger. Each transaction takes a nonce lane of the signer's for itself
/// until it is final or too late, so none waits for another and none leaves a gap. Thread-safe.
/// </summary>
internal sealed class LedgerSink(
    ValidatorRuntime runtime, ISigner key, TransactionDigest digest, TimeProvider time) : IAttestationSink
{
    private const ulong ValidForMs = 60_000;

    private readonly Lock _gate = new();
    private readonly (ulong Nonce, TimestampMs Until)?[] _lanes =
        new (ulong, TimestampMs)?[Limits.LanesPerSender];

    /// <summary>When signers were heard of, as of the last read.</summary>
    public SignerWatch Signers { get; } = new();

    /// <inheritdoc/>
    public T? Read<T>(ulong chainId, Func<LaneView, T> use)
    {
        using LedgerSnapshot snapshot = runtime.Ledger.Snapshot();
        ChainHead head = snapshot.Head;
        if (LaneView.Read(snapshot.State, head.Height, head.Header.Timestamp, chainId) is not { } lane)
        {
            return default;
        }

        Signers.Look(lane, snapshot.State);
        return use(lane);
    }

    /// <inheritdoc/>
    public async Task<bool> SubmitAsync(
        ImmutableArray<Operation> operations, CancellationToken cancellationToken)
    {
        if (Take() is not { } free)
        {
            return false;
        }

        var transaction = new Transaction(
            key.Address, free.Lane, free.Nonce, free.Until, RequestId: null, Memo: "", operations);
        byte[] body = TransactionMapper.Encode(transaction);
        var signed = new SignedTransaction([.. body], [.. key.Sign(digest.Of(body))]);
        (_, Rejection? rejection) = await runtime.SubmitAsync(signed, cancellationToken)
            .ConfigureAwait(false);
        if (rejection is not null)
        {
            lock (_gate)
            {
                _lanes[free.Lane] = null;
            }
        }

        return rejection is null;
    }

    /// <summary>A lane whose last transaction is final, or can never be.</summary>
    private (uint Lane, ulong Nonce, TimestampMs Until)? Take()
    {
        var now = new TimestampMs((ulong)time.GetUtcNow().ToUnixTimeMilliseconds());
        var view = new LedgerView(runtime.Ledger.State);
        TimestampMs head = runtime.Ledger.Head.Header.Timestamp;
        lock (_gate)
        {
            for (uint lane = 0; lane < _lanes.Length; lane++)
            {
                ulong next = view.NextNonce(key.Address, lane);
                if (_lanes[lane] is { } taken && next <= taken.Nonce && head <= taken.Until)
                {
                    continue;
                }

                TimestampMs until = now.Plus(ValidForMs);
                _lanes[lane] = (next, until);
                return (lane, next, until);
            }
        }

        return null;
    }
}
