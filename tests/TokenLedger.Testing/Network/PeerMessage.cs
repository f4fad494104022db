// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Testing;

/// <summary>What validators say to each other, in every harness.</summary>
public abstract record PeerMessage;

public sealed record ProposalMessage(Proposal Proposal) : PeerMessage;

public sealed record VoteMessage(Vote Vote) : PeerMessage;

/// <summary>A certificate, pushed or as the answer to a fetch.</summary>
public sealed record CertificateMessage(Certificate Certificate, bool IsAnswer) : PeerMessage;

public sealed record FetchMessage(View From, View To) : PeerMessage;

public sealed record BlockRequest(Hash256 Hash) : PeerMessage;

/// <summary>A block's body. In the seeded network its header stands for it.</summary>
public sealed record BlockMessage(Block Block) : PeerMessage
{
    public BlockHeader Header => Block.Header;
}

/// <summary>Transactions that a pool took.</summary>
public sealed record TransactionsMessage(ImmutableArray<SignedTransaction> Transactions) : PeerMessage;

/// <summary>How far a node says that it is.</summary>
public sealed record StatusMessage(Height Height, Hash256 StateRoot, View View) : PeerMessage;

/// <summary>A message of the sync service's answer to a question, as it travels.</summary>
public sealed record SyncAnswerMessage(IMessage Answer) : PeerMessage;

/// <summary>A message that leaves later than it should.</summary>
public sealed record DelayedMessage(PeerMessage Message, ulong DelayMs) : PeerMessage;
