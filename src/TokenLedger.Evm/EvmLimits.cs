// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Evm;

/// <summary>
/// What is taken from Ethereum's side, at most. Larger things are refused before they are read.
/// </summary>
public static class EvmLimits
{
    /// <summary>Bytes of RLP: eight transactions of the largest size that nodes pass on.</summary>
    public const int RlpBytes = 1024 * 1024;

    /// <summary>Items of RLP in one message: an access list of as many slots costs 124 million gas.</summary>
    public const int RlpItems = 65_536;

    /// <summary>Lists within lists of RLP: transactions and headers have at most four.</summary>
    public const int RlpDepth = 16;

    /// <summary>Bytes of ABI encoding: what a node's default gas for calls returns is far less.</summary>
    public const int AbiBytes = 4 * 1024 * 1024;

    /// <summary>Values in one ABI encoding: each takes a word, so this is their number.</summary>
    public const int AbiValues = AbiBytes / UInt256.Size;

    /// <summary>Types within types of the ABI, counting tuples and arrays.</summary>
    public const int AbiDepth = 16;

    /// <summary>N of <c>T[N]</c>: contracts whose storage fits a block have far less.</summary>
    public const int AbiArrayLength = 1_024;

    /// <summary>Characters of a type's or a signature's text.</summary>
    public const int SignatureChars = 4_096;

    /// <summary>
    /// Bytes of a signed transaction: what nodes pass on to each other (go-ethereum's txMaxSize).
    /// </summary>
    public const int TransactionBytes = 128 * 1024;

    /// <summary>Gas of a transaction (EIP-7825).</summary>
    public const ulong TransactionGas = 16_777_216;

    /// <summary>
    /// Bytes of a header's extra data: 32 on Ethereum; networks of a few signers name those there.
    /// </summary>
    public const int ExtraDataBytes = 4_096;

    /// <summary>Nodes of one Merkle-Patricia proof: a branch for each of 64 nibbles, and a leaf.</summary>
    public const int ProofNodes = 65;

    /// <summary>Bytes of one node of such a proof: a branch of 16 hashes takes 532.</summary>
    public const int ProofNodeBytes = 1_024;

    /// <summary>Slots in one <c>eth_getProof</c>: go-ethereum takes as many.</summary>
    public const int ProofSlots = 1_024;

    /// <summary>Bytes of an answer: 10,000 logs, the most that common providers return.</summary>
    public const int AnswerBytes = 16 * 1024 * 1024;

    /// <summary>JSON values within JSON values of an answer.</summary>
    public const int JsonDepth = 32;

    /// <summary>Requests in one batch: what common providers take.</summary>
    public const int BatchRequests = 100;

    /// <summary>Characters of a provider's own words that go into a message.</summary>
    public const int MessageChars = 300;

    /// <summary>Bytes that a reverted call returns.</summary>
    public const int RevertBytes = 64 * 1024;

    /// <summary>Logs of one read, over all its calls.</summary>
    public const int Logs = 100_000;

    /// <summary>Calls of one read of logs; a range is halved until the provider answers.</summary>
    public const int LogCalls = 4_096;

    /// <summary>Calls for logs that a provider answers before it is asked for twice as many.</summary>
    public const int LogCallsBeforeMore = 8;

    /// <summary>Topics of a log; the EVM has instructions for no more.</summary>
    public const int Topics = 4;

    /// <summary>Blocks of one fee history: go-ethereum gives no more.</summary>
    public const int FeeHistoryBlocks = 1_024;

    /// <summary>Providers of a quorum.</summary>
    public const int Providers = 16;
}
