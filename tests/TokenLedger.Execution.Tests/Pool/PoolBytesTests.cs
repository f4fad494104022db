// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Pool;

public sealed class PoolBytesTests
{
    [Fact]
    public void Add_LargeTransactionsOfManySenders_StopsAtItsBytes()
    {
        var ledger = TestLedger.Start();
        var pool = new TransactionPool();
        Transaction large = ledger.Draft(
            Alice, [.. Enumerable.Repeat(new CancelProposal(1, new string('x', Limits.ReferenceBytes)), 60)]);
        var added = new List<VerifiedTransaction>();
        long bytes = 0;
        RejectionCode? refused = null;
        for (int sender = 0; refused is null; sender++)
        {
            Address account = Named($"sender {sender}");
            ledger.MustRun(
                MinistryRegistrar, new RegisterAccount(account, AccountKind.Citizen, Address.Zero));
            for (uint nonce = 0; nonce < Limits.PoolPerSender && refused is null; nonce++)
            {
                VerifiedTransaction next = ledger.Verify(large with { Sender = account, Nonce = nonce });
                refused = pool.Add(next, ledger.State, ledger.Time)?.Code;
                if (refused is null)
                {
                    added.Add(next);
                    bytes += next.Signed.Body.Length + next.Signed.Signature.Length;
                }
            }
        }

        Assert.Equal(RejectionCode.PoolFull, refused);
        Assert.InRange(bytes, Limits.PoolBytes * 3L / 4, Limits.PoolBytes);
        Assert.Equal(added.Count, pool.Count);
    }
}
