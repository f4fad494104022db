// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Storage.CrashHost;

namespace TokenLedger.Storage.Tests;

/// <summary>A database on disk as the version before made it: without the families that came since.</summary>
public sealed class OldLedgerTests : IDisposable
{
    private static readonly ImmutableArray<Family> Then =
        [.. LedgerFormat.Families.Where(static family => family.Name is not ("balances" or "former"))
            .Select(static (family, index) => new Family(index, family.Name))];

    private readonly RocksHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void Open_WithoutTheNewFamilies_HasThemAndGoesOn()
    {
        var chain = new SampleChain(seed: 4, transfersPerBlock: 5, accounts: 4);
        using (var now = new MemoryStore(LedgerFormat.Families))
        {
            LedgerStore written = LedgerStore.Open(now, chain.Genesis);
            for (int i = 0; i < 9; i++)
            {
                written.Commit(chain.Next());
            }

            using IKeyValueStore old = _harness.Open(Then);
            using IWriteBatch batch = old.CreateBatch();
            foreach (Family family in Then)
            {
                Family from = LedgerFormat.Families.Single(one => one.Name == family.Name);
                foreach (KeyValue entry in now.Scan(from, [], [], int.MaxValue))
                {
                    bool version = family.Name == "meta" && entry.Key is [1];
                    batch.Put(family, entry.Key, version ? [0, 0, 0, 1] : entry.Value);
                }
            }

            old.Write(batch, sync: true);
        }

        using (LedgerStore ledger = Open(chain))
        {
            LedgerChecks.HoldsChain(ledger, Fresh(), new Height(9));
            Assert.Null(ledger.FindFormer(new Height(9)));
            ledger.Commit(chain.Next() with { Former = [] });
        }

        using LedgerStore again = Open(chain);
        LedgerChecks.HoldsChain(again, Fresh(), new Height(10));
        Assert.NotNull(again.FindFormer(new Height(10)));
    }

    private static SampleChain Fresh() => new(seed: 4, transfersPerBlock: 5, accounts: 4);

    private LedgerStore Open(SampleChain chain) =>
        LedgerStore.Open(_harness.Open(LedgerFormat.Families), chain.Genesis);
}
