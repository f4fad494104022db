// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using Operation = TokenLedger.Core.Ledger.Operation;
using SignedTransaction = TokenLedger.Core.Ledger.SignedTransaction;
using Transaction = TokenLedger.Core.Ledger.Transaction;

namespace TokenLedger.Cli.Transactions;

/// <summary>
/// The way of a transaction that a command makes: check the network, simulate or confirm, sign, submit, wait.
/// </summary>
internal sealed class TransactionFlow(Session session, WriteRequest request)
{
    private readonly Submitter _submitter = new(session);

    /// <summary>What the sender is asked to confirm, before anything is signed; null when it can be taken
    /// back.</summary>
    public Action<Hash256>? Confirm { get; init; }

    /// <summary>Does it all.</summary>
    /// <returns>What became of it; null when it was only simulated.</returns>
    public async Task<TransactionStatus?> RunAsync(
        ImmutableArray<Operation> operations, CancellationToken token)
    {
        Address sender = Signer.AddressOf(session, session.From);
        if (request.Simulate)
        {
            await SimulateAsync(Draft(sender, operations, 0), token);
            return null;
        }

        NetworkIdentity network = await RequireNetworkAsync(session, token);
        _ = Signer.Locate(session, session.From);
        await Simulation.RequireAsync(
            session, TransactionMapper.Encode(Draft(sender, operations, 0)), token);
        Confirm?.Invoke(IntentDigest(network.GenesisHash, sender, request.Memo, operations));
        using PrivateKey key = OpenKey(session, sender);
        ulong nonce = await NextNonceAsync(session, sender, request.Lane, token);
        Transaction transaction = Draft(sender, operations, nonce);
        SignedTransaction signed = Sign(transaction, key, network);
        string uuid = RequestIds.Text(request.RequestId);
        session.Talk.Say($"request {uuid}");
        return await SendAsync(signed, network, uuid, !request.NoWait, token);
    }

    /// <summary>Submits signed bytes; waits until they are final when asked to. A failed receipt is
    /// thrown.</summary>
    public async Task<TransactionStatus> SendAsync(
        SignedTransaction signed, NetworkIdentity network, string? uuid, bool wait, CancellationToken token)
    {
        Hash256 id = signed.IdOn(network.GenesisHash);
        var sent = new SentTransaction(signed, id, uuid, session.From);
        TransactionStatus status = await _submitter.SubmitAsync(sent, token);
        if (wait && status.State is TransactionState.Pending or TransactionState.Unspecified)
        {
            status = await Progress.WhileAsync(
                session, $"Waiting for finality of {id.ToString()[..12]}", () =>
                    _submitter.WaitAsync(sent, token));
        }

        return ThrowIfRefused(status);
    }

    /// <summary>Submits one of several transactions of one key, and waits until it is final, as succeeded or
    /// as failed, or can never be.</summary>
    public async Task<TransactionStatus> SendOneOfManyAsync(SentTransaction sent, CancellationToken token)
    {
        TransactionStatus status = await _submitter.SubmitAsync(sent, token);
        return status.State is TransactionState.Pending or TransactionState.Unspecified
            ? await _submitter.WaitAsync(sent, token)
            : status;
    }

    /// <summary>The transaction that would be signed.</summary>
    public Transaction Draft(in Address sender, ImmutableArray<Operation> operations, ulong nonce)
    {
        if (Encoding.UTF8.GetByteCount(request.Memo) > Limits.MemoBytes)
        {
            throw CliException.Usage($"The memo is over {Limits.MemoBytes} bytes.");
        }

        if (request.Validity.TotalMilliseconds > Limits.ValidityMs)
        {
            throw new CliException(
                RejectionCodes.Name(RejectionCode.ValidityTooLong),
                ExitCodes.Of(RejectionCode.ValidityTooLong),
                "--expires is more than seven days ahead.", next: "Pass an --expires of at most 7d.");
        }

        ulong until = (ulong)(session.Now + request.Validity).ToUnixTimeMilliseconds();
        return new Transaction(
            sender, request.Lane, nonce, new TimestampMs(until), request.RequestId, request.Memo, operations);
    }

    /// <summary>Asks the network what a body would change, and shows it.</summary>
    public async Task SimulateAsync(Transaction transaction, CancellationToken token) =>
        await Simulation.RunAsync(session, TransactionMapper.Encode(transaction), token);

    /// <summary>The pinned identity, once the node has shown that it is of that network.</summary>
    public static async Task<NetworkIdentity> RequireNetworkAsync(Session session, CancellationToken token)
    {
        NetworkIdentity pinned = NetworkIdentity.Pinned(session.Context);
        GetNetworkResponse node = await session.Connection.ReadAsync(
            (client, call) => client.Queries.GetNetworkAsync(new GetNetworkRequest(), call), token);
        pinned.Require(NetworkIdentity.Of(node));
        return pinned;
    }

    public static async Task<ulong> NextNonceAsync(
        Session session, Address sender, uint lane, CancellationToken token)
    {
        var ask = new GetNonceRequest
        {
            Sender = Google.Protobuf.ByteString.CopyFrom(sender.ToArray()),
            Lane = lane,
        };
        GetNonceResponse answer = await session.Connection.ReadAsync(
            (node, call) => node.Queries.GetNonceAsync(ask, call), token);
        return answer.Next;
    }

    /// <summary>Opens the key of --from and requires that it is the sender's.</summary>
    public static PrivateKey OpenKey(Session session, in Address sender)
    {
        PrivateKey key = Signer.Open(session, session.From);
        if (key.Address == sender)
        {
            return key;
        }

        string found = Eip55.Format(key.Address);
        key.Dispose();
        throw new CliException(
            "WRONG_KEY", ExitCode.Auth, $"The key is not the sender's: it is of {found}.",
            $"The sender is {Eip55.Format(sender)}.", "tl key list");
    }

    public static SignedTransaction Sign(Transaction transaction, PrivateKey key, NetworkIdentity network)
    {
        byte[] body = TransactionMapper.Encode(transaction);
        if (body.Length > Limits.TransactionBytes)
        {
            throw new CliException(
                RejectionCodes.Name(RejectionCode.TooLarge), ExitCodes.Of(RejectionCode.TooLarge),
                $"The transaction has {body.Length} bytes; at most {Limits.TransactionBytes} are taken.");
        }

        return new SignedTransaction([.. body], [.. key.Sign(network.Digest.Of(body))]);
    }

    /// <summary>
    /// The hash that stands for what is meant, whenever it is signed: the transaction with nonce, lane, time
    /// and
    /// request id left out.
    /// </summary>
    public static Hash256 IntentDigest(
        in Hash256 genesisHash, in Address sender, string memo, ImmutableArray<Operation> operations)
    {
        var intent = new Transaction(sender, 0, 0, new TimestampMs(0), null, memo, operations);
        return Hashing.Hash(DomainTag.Transaction, genesisHash, TransactionMapper.Encode(intent));
    }

    /// <summary>A final failure is thrown as its refusal.</summary>
    public static TransactionStatus ThrowIfRefused(TransactionStatus status) => status.State switch
    {
        TransactionState.Failed => throw RpcFailure.Refused(
            status.Refusal?.Code ?? "FAILED",
            $"{Reason(status)} (final at height {status.Height}; nothing changed but the nonce)"),
        TransactionState.Expired => throw RpcFailure.Refused(
            RejectionCodes.Name(RejectionCode.Expired),
            "Its time passed before it was included; it never will be."),
        TransactionState.Replaced => throw RpcFailure.Refused(
            RejectionCodes.Name(RejectionCode.NonceUsed),
            "Another transaction used its nonce; it never will be included."),
        _ => status,
    };

    private static string Reason(TransactionStatus status) => status.Refusal?.Detail is { Length: > 0 } detail
        ? detail
        : "It was refused when it was executed.";
}
