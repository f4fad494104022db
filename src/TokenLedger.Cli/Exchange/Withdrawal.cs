// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Exchange;

/// <summary>
/// A payment under the caller's own request id, once and never twice. What is signed is written to a journal
/// before it is sent; whoever runs it again under the same id sends the same bytes again, whatever happened
/// in between, and gets the same answer. The ledger itself knows an id only until its transaction expires.
/// </summary>
internal sealed class Withdrawal(Session session, WriteRequest request, string? journal)
{
    /// <returns>What became of it; null when it was only simulated.</returns>
    public async Task<V1.TransactionStatus?> RunAsync(
        Transfer transfer, Action<Hash256>? confirm, CancellationToken token)
    {
        Address sender = Signer.AddressOf(session, session.From);
        var flow = new TransactionFlow(session, request);
        if (request.Simulate)
        {
            await flow.SimulateAsync(flow.Draft(sender, [transfer], 0), token);
            return null;
        }

        NetworkIdentity network = await TransactionFlow.RequireNetworkAsync(session, token);
        string uuid = RequestIds.Text(request.RequestId);
        string path = PathOf(network, sender);
        using IDisposable hold = DurableFile.Hold(path);
        OfflineDocument document = File.Exists(path)
            ? RequireSame(OfflineDocument.Load(session, path), network, sender, transfer, path)
            : await SignAsync(flow, network, sender, transfer, confirm, path, token);
        session.Talk.Say($"request {uuid}");
        return await flow.SendAsync(document.Signed, network, uuid, !request.NoWait, token);
    }

    /// <summary>What the journal holds under the request id; null for nothing.</summary>
    /// <exception cref="CliException">IDEMPOTENCY_CONFLICT: it is another payment.</exception>
    public OfflineDocument? Find(NetworkIdentity network, Address sender, Transfer transfer)
    {
        string path = PathOf(network, sender);
        return File.Exists(path)
            ? RequireSame(OfflineDocument.Load(session, path), network, sender, transfer, path)
            : null;
    }

    private string PathOf(NetworkIdentity network, Address sender) => Path.Combine(
        journal is null
            ? Path.Combine(session.Environment.ConfigDirectory, "withdrawals")
            : session.Environment.FullPath(journal),
        $"{network.GenesisHash.ToString()[..16]}-{sender}-{RequestIds.Text(request.RequestId)}.json");

    private async Task<OfflineDocument> SignAsync(
        TransactionFlow flow, NetworkIdentity network, Address sender, Transfer transfer,
        Action<Hash256>? confirm, string path, CancellationToken token)
    {
        await RequireUnknownAsync(sender, token);
        Transaction draft = flow.Draft(sender, [transfer], 0);
        await Simulation.RequireAsync(session, Protocol.Wire.TransactionMapper.Encode(draft), token);
        confirm?.Invoke(
            TransactionFlow.IntentDigest(network.GenesisHash, sender, request.Memo, [transfer]));
        using PrivateKey key = TransactionFlow.OpenKey(session, sender);
        ulong nonce = await TransactionFlow.NextNonceAsync(session, sender, request.Lane, token);
        Transaction transaction = flow.Draft(sender, [transfer], nonce);
        SignedTransaction signed = TransactionFlow.Sign(transaction, key, network);
        OfflineDocument document = OfflineDocument.Of(network, transaction, []) with
        {
            Signature = [.. signed.Signature],
        };
        DurableFile.Write(path, JsonText.Indented(document.ToJson()) + "\n");
        return document;
    }

    /// <summary>An id that the ledger knows and this journal does not was used on another machine.</summary>
    private async Task RequireUnknownAsync(Address sender, CancellationToken token)
    {
        var ask = new V1.GetTransactionByRequestIdRequest
        {
            Sender = Google.Protobuf.ByteString.CopyFrom(sender.ToArray()),
            RequestId = RequestIds.Wire(request.RequestId),
        };
        V1.TransactionStatus known = (await session.Connection.ReadAsync(
            (node, call) => node.Transactions.GetTransactionByRequestIdAsync(ask, call), token)).Status;
        if (!known.TransactionId.IsEmpty)
        {
            throw new CliException(
                RejectionCodes.Name(RejectionCode.IdempotencyConflict), ExitCode.Conflict,
                "The request id is in use, and this journal has nothing of it.",
                "Another machine, or another journal, sent it.",
                $"tl tx status --request-id {RequestIds.Text(request.RequestId)} --from {session.From}");
        }
    }

    private OfflineDocument RequireSame(
        OfflineDocument document, NetworkIdentity network, Address sender, Transfer transfer, string path)
    {
        document.Network.Require(network);
        Transaction known = document.Transaction;
        bool same = known.Sender == sender && known.RequestId == request.RequestId
            && known.Operations.Length == 1 && known.Operations[0] is Transfer paid && paid == transfer;
        return same
            ? document
            : throw new CliException(
                RejectionCodes.Name(RejectionCode.IdempotencyConflict), ExitCode.Conflict,
                "The request id stands for another payment.", $"It is written in {path}.",
                "Compare what you asked for with: tl tx inspect FILE. Never reuse an id.");
    }
}
