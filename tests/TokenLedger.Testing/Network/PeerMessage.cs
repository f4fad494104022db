// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>What simulated validators say to each other.</summary>
public abstract record PeerMessage;

public sealed record ProposalMessage(Proposal Proposal) : PeerMessage;

public sealed record VoteMessage(Vote Vote) : PeerMessage;

/// <summary>A certificate, pushed or as the answer to a fetch.</summary>
public sealed record CertificateMessage(Certificate Certificate, bool IsAnswer) : PeerMessage;

public sealed record FetchMessage(View From, View To) : PeerMessage;

public sealed record BlockRequest(Hash256 Hash) : PeerMessage;

/// <summary>A block's body, for which its header stands.</summary>
public sealed record BlockMessage(BlockHeader Header) : PeerMessage;
