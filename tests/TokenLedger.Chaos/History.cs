// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;

namespace TokenLedger.Chaos;

/// <summary>A block as a node told it, without its transactions.</summary>
internal sealed record ToldBlock(
    ulong Height, ByteString Hash, ByteString ParentHash, ByteString StateRoot);

/// <summary>A transfer that took effect.</summary>
internal sealed record Paid(string Asset, ByteString To, UInt128 Amount);

/// <summary>A transaction in a block.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Sender">Who signed it.</param>
/// <param name="Lane">The sender's sequence of nonces.</param>
/// <param name="Nonce">Its place there.</param>
/// <param name="Payments">Its transfers; none if it was refused.</param>
internal sealed record ToldTransaction(
    ByteString Id, ByteString Sender, uint Lane, ulong Nonce, ImmutableArray<Paid> Payments);

/// <summary>What a client was told of a transaction of his: it is final, and where.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Height">The block.</param>
/// <param name="Index">The place in the block, from 0.</param>
internal sealed record Acknowledgement(ByteString Id, ulong Height, uint Index);
