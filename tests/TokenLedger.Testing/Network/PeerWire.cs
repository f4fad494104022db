// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Consensus.V1;

namespace TokenLedger.Testing;

/// <summary>Between what validators say and what travels on the two production streams.</summary>
public static class PeerWire
{
    /// <summary>What travels on the votes' stream; null for what does not travel there.</summary>
    public static StreamVotesRequest? Votes(PeerMessage message) => message switch
    {
        VoteMessage { Vote: var vote } => new StreamVotesRequest { Vote = Bytes(vote.Write) },
        ProposalMessage { Proposal: var proposal } =>
            new StreamVotesRequest { Proposal = Bytes(proposal.Write) },
        CertificateMessage { Certificate: var certificate } =>
            new StreamVotesRequest { Certificate = Bytes(certificate.Write) },
        StatusMessage status => new StreamVotesRequest
        {
            Status = new PeerStatus
            {
                Height = status.Height.Value,
                StateRoot = ByteString.CopyFrom(status.StateRoot.ToArray()),
                View = status.View.Value,
            },
        },
        _ => null,
    };

    /// <summary>What travels on the bulk stream; null for what does not travel there.</summary>
    public static StreamBulkRequest? Bulk(PeerMessage message)
    {
        switch (message)
        {
            case BlockMessage { Block: var block }:
                return new StreamBulkRequest { Block = Bytes(block.Write) };
            case TransactionsMessage { Transactions: var transactions }:
                var batch = new TransactionBatch();
                batch.Transactions.AddRange(transactions.Select(one => Bytes(one.Write)));
                return new StreamBulkRequest { Transactions = batch };
            default:
                return null;
        }
    }

    /// <summary>What an honest node's message says; null for a hello.</summary>
    public static PeerMessage? Read(StreamVotesRequest message) => message.MessageCase switch
    {
        StreamVotesRequest.MessageOneofCase.Vote => new VoteMessage(Read(message.Vote, Vote.Read)),
        StreamVotesRequest.MessageOneofCase.Proposal =>
            new ProposalMessage(Proposal.Decode(message.Proposal.Span)),
        StreamVotesRequest.MessageOneofCase.Certificate =>
            new CertificateMessage(Read(message.Certificate, Certificate.Read), IsAnswer: false),
        StreamVotesRequest.MessageOneofCase.Status => new StatusMessage(
            new Height(message.Status.Height), new Hash256(message.Status.StateRoot.Span),
            new View(message.Status.View)),
        _ => null,
    };

    /// <inheritdoc cref="Read(StreamVotesRequest)"/>
    public static PeerMessage? Read(StreamBulkRequest message) => message.MessageCase switch
    {
        StreamBulkRequest.MessageOneofCase.Block => new BlockMessage(Block.Decode(message.Block.Span)),
        StreamBulkRequest.MessageOneofCase.Transactions => new TransactionsMessage(
            [.. message.Transactions.Transactions.Select(one => Read(one, SignedTransaction.Read))]),
        _ => null,
    };

    public static ByteString Bytes(Action<CanonicalWriter> write)
    {
        var writer = new CanonicalWriter();
        write(writer);
        return ByteString.CopyFrom(writer.Written);
    }

    private static T Read<T>(ByteString bytes, CanonicalRead<T> read)
    {
        var reader = new CanonicalReader(bytes.Span);
        T value = read(ref reader);
        reader.End();
        return value;
    }
}
