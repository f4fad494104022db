// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Tests.Golden;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;
using TokenLedger.Testing.Wire;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Tests.Wire;

public sealed class TransactionMapperTests
{
    [Fact]
    public void Decode_EncodedRandomTransaction_GivesItBack()
    {
        var seen = new HashSet<Type>();
        for (int seed = 0; seed < 1_500; seed++)
        {
            Transaction transaction = new CoreGenerator(seed).Transaction();
            byte[] body = TransactionMapper.Encode(transaction);
            Rejection? rejection = TransactionMapper.TryDecode(body, out Transaction? decoded);
            if (body.Length > Limits.TransactionBytes)
            {
                Assert.True(rejection?.Code == RejectionCode.TooLarge, $"seed {seed}: {rejection}");
                continue;
            }

            Assert.True(rejection is null, $"seed {seed}: {rejection}");
            Assert.True(transaction.Equals(decoded), $"seed {seed}: {transaction}\nis now {decoded}");
            foreach (Operation operation in transaction.Operations)
            {
                seen.Add(operation.GetType());
                seen.UnionWith(((operation as Propose)?.Payload ?? []).Select(p => p.GetType()));
            }
        }

        Assert.Equal(
            KindsOf<Operation>().Concat(KindsOf<PrivilegedOperation>()).Order(),
            seen.Select(t => t.Name).Order());
    }

    [Fact]
    public void Samples_Operations_CoverEverySubclass()
    {
        Assert.Equal(KindsOf<Operation>(), WireSamples.Operations.Select(o => o.GetType().Name).Order());
        Assert.Equal(
            KindsOf<PrivilegedOperation>(), WireSamples.Privileged.Select(o => o.GetType().Name).Order());
        Assert.Equal(
            V1.Operation.Descriptor.Fields.InDeclarationOrder().Count, WireSamples.Operations.Length);
        Assert.Equal(
            V1.PrivilegedOperation.Descriptor.Fields.InDeclarationOrder().Count,
            WireSamples.Privileged.Length);
    }

    [Fact]
    public void Encode_EveryKind_IsUnchanged()
    {
        var file = new GoldenFile(
            "transactions.txt",
            "Bodies of transactions: protobuf, as signed.",
            Repository.PathOf("tests", "TokenLedger.Protocol.Tests", "Golden", "transactions.txt"));
        foreach (Operation operation in WireSamples.Operations.Where(o => o is not Propose))
        {
            file.Add(operation.GetType().Name, TransactionMapper.Encode(WireSamples.Of(operation)));
        }

        foreach (PrivilegedOperation privileged in WireSamples.Privileged)
        {
            var propose = new Propose([privileged], new TimestampMs(1_767_312_000_000), "because");
            file.Add(
                "Propose." + privileged.GetType().Name, TransactionMapper.Encode(WireSamples.Of(propose)));
        }

        var empty = new Transaction(
            default, 0, 0, default, null, "", [new Transfer(WireSamples.Bond, default, default)]);
        file.Add("Defaults", TransactionMapper.Encode(empty));
        file.Add("Transfer.Tagged", TransactionMapper.Encode(WireSamples.Of(WireSamples.Tagged)));
        file.Add("Everything", TransactionMapper.Encode(WireSamples.Everything));
        file.AssertUnchanged();
    }

    [Fact]
    public void Decode_RandomAndMutatedBytes_NeverThrowsAndAcceptsOnlyItsOwnEncoding()
    {
        const int Rounds = 20_000;
        int accepted = 0;
        for (int seed = 0; seed < Rounds; seed++)
        {
            var generator = new CoreGenerator(seed);
            byte[] body = seed % 8 == 0
                ? generator.Bytes(generator.Below(120))
                : generator.Mutate(TransactionMapper.Encode(generator.Transaction(1)));
            accepted += AcceptsOnlyItsOwnEncoding(body, $"seed {seed}") ? 1 : 0;
        }

        Assert.True(accepted > 0, "some mutations only change a value");
    }

    [Fact]
    public void Decode_StructuredMutations_AcceptsOnlyItsOwnEncoding()
    {
        const int Rounds = 10_000;
        int accepted = 0;
        for (int seed = 0; seed < Rounds; seed++)
        {
            var generator = new CoreGenerator(seed);
            WireMessage tree = WireSamples.Tree(generator.Transaction(2));
            WireMutations.Apply(tree, generator);
            accepted += AcceptsOnlyItsOwnEncoding(tree.Encode(), $"seed {seed}") ? 1 : 0;
        }

        // Mostly refused, the test would show little of what acceptance means.
        Assert.InRange(accepted, Rounds / 20, Rounds * 9 / 10);
    }

    private static bool AcceptsOnlyItsOwnEncoding(byte[] body, string which)
    {
        Rejection? rejection = TransactionMapper.TryDecode(body, out Transaction? decoded);
        Assert.True(rejection is null == decoded is not null, which);
        if (decoded is not null)
        {
            Assert.True(TransactionMapper.Encode(decoded).AsSpan().SequenceEqual(body), which);
            Assert.True(decoded.Operations.Length is >= 1 and <= Limits.OperationsPerTransaction, which);
        }

        return decoded is not null;
    }

    private static IEnumerable<string> KindsOf<T>() => typeof(T).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract)
        .Select(type => type.Name)
        .Order();
}
