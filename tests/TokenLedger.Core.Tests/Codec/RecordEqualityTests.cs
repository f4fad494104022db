// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Core.Tests.Codec;

/// <summary>Records are values: the same content in other arrays is equal, and hashes alike.</summary>
public sealed class RecordEqualityTests
{
    private static readonly Func<CoreGenerator, object>[] Samples =
    [
        g => g.Block(),
        g => g.SignedTransaction(),
        g => g.Vote(),
        g => g.Certificate(),
        g => g.ConsensusRecord(),
        g => g.StateProof(),
        g => g.Definition(),
        g => g.Privileged(),
        g => g.Event(),
        g => g.Policy(),
        g => g.Proposal(),
        g => new Propose(g.List(3, g.Privileged), g.Time(), g.Text(20)),
        g => new Transaction(
            g.Address(), g.U32(), g.U64(), g.Time(), new RequestId(g.U128()), g.Text(20),
            g.List(3, () => (Operation)new Transfer(g.Asset(), g.Address(), g.Amount()))),
    ];

    [Fact]
    public void Equals_SameSeedOtherSeed_ByContent()
    {
        foreach (Func<CoreGenerator, object> sample in Samples)
        {
            for (int seed = 0; seed < 50; seed++)
            {
                object value = sample(new CoreGenerator(seed));
                object same = sample(new CoreGenerator(seed));
                object other = sample(new CoreGenerator(seed + 1_000));

                Assert.True(value.Equals(same), $"{value.GetType().Name}, seed {seed}");
                Assert.Equal(value.GetHashCode(), same.GetHashCode());
                Assert.False(value.Equals(other), $"{value.GetType().Name}, seed {seed}");
            }
        }
    }

    [Fact]
    public void Equals_OneItemOfAListChanged_IsNotEqual()
    {
        var generator = new CoreGenerator(13);
        StateProof proof = new([generator.Hash(), generator.Hash()], null);
        ApprovalPolicy policy = Golden.Samples.Policy;
        ProposalState proposal = Golden.Samples.Proposal;
        Block block = new(Golden.Samples.Header, Golden.Samples.Transactions);
        AssetTerms terms = Golden.Samples.Definition.Terms;

        Assert.NotEqual(proof, proof with { Siblings = proof.Siblings.SetItem(1, Golden.Samples.Hash(9)) });
        Assert.NotEqual(policy, policy with { Tiers = policy.Tiers.RemoveAt(0) });
        Assert.NotEqual(
            proposal, proposal with { Approvals = proposal.Approvals.Add(Golden.Samples.Address(1)) });
        Assert.NotEqual(proposal, proposal with { Payload = proposal.Payload.RemoveAt(1) });
        Assert.NotEqual(block, block with { Transactions = block.Transactions.RemoveAt(0) });
        Assert.NotEqual(
            terms,
            terms with { Attributes = terms.Attributes.SetItem(0, new TermAttribute("listing", "LSE")) });
    }
}
