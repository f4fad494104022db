// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>Final blocks as followers get them.</summary>
internal static class BlockTargets
{
    private static readonly FinalChain Chain = ChainOf();
    private static readonly ImmutableArray<VerifiedBlock> True = [.. Chain.Verified()];

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        new()
        {
            Name = "block.Final",
            Shape = new ProtobufShape(FinalBlock.Descriptor),
            Sample = g => Chain.Blocks[1 + g.Below(Chain.Blocks.Count - 1)].ToByteArray(),
            Decode = Verify,
            Spelling = Spelling.None,
            Declared = [typeof(InvalidProtocolBufferException)],
            AllocatedBytes = 256 * 1024,
            Covers = ["FinalBlockDecoder.Read"],
        },
    ];

    /// <summary>
    /// Verifies against each block as the parent: nothing but the chain's own blocks is ever given out.
    /// </summary>
    private static VerifiedBlock? Verify(byte[] bytes)
    {
        FinalBlock block = FinalBlock.Parser.ParseFrom(bytes);
        var final = new List<VerifiedBlock>();
        foreach (VerifiedBlock parent in True)
        {
            Chain.Verifier(new BlockPosition(parent.Header.Height, parent.Hash)).Add(block, final);
        }

        foreach (VerifiedBlock shown in final)
        {
            VerifiedBlock known = True[(int)shown.Header.Height.Value];
            if (shown.Hash != known.Hash || !shown.Transactions.SequenceEqual(known.Transactions)
                || !shown.Receipts.SequenceEqual(known.Receipts) || !shown.Events.SequenceEqual(known.Events))
            {
                throw new InvalidOperationException($"block {shown.Hash} was given out and is not final");
            }
        }

        return final.FirstOrDefault();
    }

    private static FinalChain ChainOf()
    {
        var chain = new FinalChain();
        chain.Ledger.Issue(TestNetwork.Alice, 50);
        return chain;
    }
}
