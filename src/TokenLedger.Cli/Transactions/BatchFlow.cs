// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using Operation = TokenLedger.Core.Ledger.Operation;
using SignedTransaction = TokenLedger.Core.Ledger.SignedTransaction;
using Transaction = TokenLedger.Core.Ledger.Transaction;

namespace TokenLedger.Cli.Transactions;

/// <summary>
/// Many operations as transactions of up to 100, several nonce lanes at once. Each transaction applies all or
/// none; the
/// report says of each what became of it, so that nothing is paid twice after a failure.
/// </summary>
internal sealed class BatchFlow(Session session, WriteRequest request)
{
    /// <summary>More lanes than this do not help: the network orders them anyway.</summary>
    public const int MaxLanes = 16;

    private readonly TransactionFlow _flow = new(session, request);
    private int _checked;
    private int _done;
    private CliException? _failure;

    /// <summary>One transaction of the batch.</summary>
    private sealed record Chunk(
        int Index, int FirstRow, ImmutableArray<Operation> Operations, RequestId RequestId)
    {
        public string State { get; set; } = "not sent";

        public string TransactionId { get; set; } = "";

        public ulong Height { get; set; }

        public string Code { get; set; } = "";

        public string Rows =>
            string.Create(CultureInfo.InvariantCulture, $"{FirstRow}-{FirstRow + Operations.Length - 1}");
    }

    /// <summary>Sends all of them.</summary>
    /// <param name="operations">In the order of the file.</param>
    /// <param name="lanes">How many nonce lanes to use, from --lane on.</param>
    /// <param name="confirm">Asked before anything is signed.</param>
    /// <param name="token">Stops before the next transaction.</param>
    /// <exception cref="CliException">One failed; the report of all is printed before.</exception>
    public async Task RunAsync(
        ImmutableArray<Operation> operations, int lanes, Action<Hash256>? confirm, CancellationToken token)
    {
        Chunk[] chunks = [.. operations.Chunk(Limits.OperationsPerTransaction).Select((part, i) => new Chunk(
            i, (i * Limits.OperationsPerTransaction) + 1, [.. part], ChunkRequestId(i)))];
        Address sender = Signer.AddressOf(session, session.From);
        if (request.Simulate)
        {
            foreach (Chunk chunk in chunks)
            {
                await _flow.SimulateAsync(Draft(sender, chunk), token);
            }

            return;
        }

        NetworkIdentity network = await TransactionFlow.RequireNetworkAsync(session, token);
        await Progress.WhileAsync(session, () => $"{_checked} of {chunks.Length} transactions checked", () =>
            CheckAllAsync(sender, chunks, token));
        confirm?.Invoke(TransactionFlow.IntentDigest(network.GenesisHash, sender, request.Memo, operations));
        using PrivateKey key = TransactionFlow.OpenKey(session, sender);
        session.Talk.Say($"{operations.Length} operations in {chunks.Length} transactions");
        await Progress.WhileAsync(session, () => $"{_done} of {chunks.Length} transactions final", async () =>
        {
            await Task.WhenAll(
                Enumerable.Range(0, Math.Min(lanes, chunks.Length)).Select(lane => RunLaneAsync(
                [.. chunks.Where(c => c.Index % lanes == lane)], request.Lane
                    + (uint)lane, key, network, token)));
            return true;
        });
        Report(chunks);
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    private async Task RunLaneAsync(
        Chunk[] chunks, uint lane, PrivateKey key, NetworkIdentity network, CancellationToken token)
    {
        try
        {
            ulong nonce = await TransactionFlow.NextNonceAsync(session, key.Address, lane, token);
            foreach (Chunk chunk in chunks)
            {
                if (_failure is not null || token.IsCancellationRequested)
                {
                    return;
                }

                await RunChunkAsync(chunk, lane, nonce++, key, network, token);
            }
        }
        catch (CliException e)
        {
            _failure ??= e;
        }
    }

    /// <summary>A line that the ledger would refuse is found before the lines before it are paid.</summary>
    private async Task<bool> CheckAllAsync(Address sender, Chunk[] chunks, CancellationToken token)
    {
        foreach (Chunk chunk in chunks)
        {
            if (await Simulation.RefusalAsync(session, Body(Draft(sender, chunk)), token) is { } refusal)
            {
                throw RpcFailure.Refused(
                    refusal.Code, $"Rows {chunk.Rows}: {refusal.Detail} Nothing was sent.");
            }

            _checked++;
        }

        return true;
    }

    private async Task RunChunkAsync(
        Chunk chunk, uint lane, ulong nonce, PrivateKey key, NetworkIdentity network, CancellationToken token)
    {
        try
        {
            // Other transactions of this batch were applied since all were checked.
            Transaction draft = Draft(key.Address, chunk);
            if (await Simulation.RefusalAsync(session, Body(draft), token) is { } refusal)
            {
                throw RpcFailure.Refused(
                    refusal.Code, $"Rows {chunk.Rows}: {refusal.Detail} These were not sent.");
            }

            SignedTransaction signed =
                TransactionFlow.Sign(draft with { Lane = lane, Nonce = nonce }, key, network);
            Hash256 id = signed.IdOn(network.GenesisHash);
            chunk.TransactionId = id.ToString();
            TransactionStatus status = await _flow.SendOneOfManyAsync(
                new SentTransaction(signed, id, RequestIds.Text(chunk.RequestId), session.From), token);
            chunk.State = TransactionView.StateName(status.State);
            chunk.Height = status.Height;
            if (status.State == TransactionState.Failed)
            {
                throw await FailedAsync(chunk, draft, status, token);
            }

            TransactionFlow.ThrowIfRefused(status);
            Interlocked.Increment(ref _done);
        }
        catch (CliException e)
        {
            chunk.State = e.Exit == ExitCode.OutcomeUnknown ? "UNKNOWN"
                : chunk.State == "not sent" ? "refused" : chunk.State;
            chunk.Code = e.Code;
            throw;
        }
    }

    /// <summary>
    /// What a final failure says. A receipt may hold a code only: where the ledger as it is now refuses the
    /// same for the same reason, its words tell more. The request id is used up, so it is asked without.
    /// </summary>
    private async Task<CliException> FailedAsync(
        Chunk chunk, Transaction draft, TransactionStatus status, CancellationToken token)
    {
        string code = status.Refusal?.Code is { Length: > 0 } known ? known : "FAILED";
        string detail = status.Refusal?.Detail ?? "";
        try
        {
            Refusal? now =
                await Simulation.RefusalAsync(session, Body(draft with { RequestId = null }), token);
            detail = detail.Length == 0 && now?.Code == code ? now.Detail : detail;
        }
        catch (CliException)
        {
            // The outcome is known; only its explanation is shorter.
        }

        detail = detail.Length > 0 ? detail : "It was refused when it was executed.";
        return RpcFailure.Refused(
            code,
            $"Rows {chunk.Rows}: {detail} (final as failed at height {status.Height}; nothing changed but "
                + "the nonce)");
    }

    private Transaction Draft(in Address sender, Chunk chunk) =>
        _flow.Draft(sender, chunk.Operations, 0) with { RequestId = chunk.RequestId };

    private static byte[] Body(Transaction transaction) => TransactionMapper.Encode(transaction);

    /// <summary>
    /// Request ids follow from the batch's own, so that running the same batch under the same id again is
    /// found out.
    /// </summary>
    private RequestId ChunkRequestId(int index) =>
        index == 0 ? request.RequestId : new RequestId(unchecked(request.RequestId.Value + (UInt128)index));

    private void Report(Chunk[] chunks) => session.Output.List(
        chunks,
        c => new JsonObject
        {
            ["firstRow"] = c.FirstRow,
            ["rows"] = c.Operations.Length,
            ["state"] = c.State,
            ["requestId"] = RequestIds.Text(c.RequestId),
            ["transactionId"] = c.TransactionId.Length == 0 ? null : c.TransactionId,
            ["height"] = c.Height == 0 ? null : c.Height,
            ["code"] = c.Code.Length == 0 ? null : c.Code,
        },
        new Column<Chunk>("rows", c => c.Rows, Right: true),
        new Column<Chunk>("state", c => c.State),
        new Column<Chunk>(
            "height", c =>
            c.Height == 0 ? "-" : c.Height.ToString(CultureInfo.InvariantCulture), Right: true),
        new Column<Chunk>("request id", c => RequestIds.Text(c.RequestId)));
}
