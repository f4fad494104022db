// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Runtime.Tests;

public sealed class TransactionAdmissionTests
{
    private static readonly Hash256 Network = Hashing.Hash(DomainTag.Genesis, [1]);

    private readonly Signed _signing = new(Network);
    private readonly TransactionAdmission _admission;

    public TransactionAdmissionTests() => _admission = new TransactionAdmission(Network, _signing);

    [Fact]
    public void TryAdmit_RightBytes_GivesIdAndContent()
    {
        SignedTransaction signed = _signing.Sign(Draft);
        Assert.Null(_admission.TryAdmit(signed, out VerifiedTransaction? verified));
        Assert.Equal(Draft, verified!.Content);
        Assert.Equal(signed.IdOn(Network), verified.Id);
        Assert.Same(signed, verified.Signed);
    }

    [Fact]
    public void TryAdmit_WrongSigner_IsBadSignature() =>
        AssertRefused(RejectionCode.BadSignature, _signing.SignAs(TestNetwork.Bob, Draft));

    [Fact]
    public void TryAdmit_ChangedBody_IsBadSignature()
    {
        SignedTransaction signed = _signing.Sign(Draft);
        byte[] other = TransactionMapper.Encode(Draft with { Nonce = 8 });
        AssertRefused(RejectionCode.BadSignature, signed with { Body = [.. other] });
    }

    [Fact]
    public void TryAdmit_UnknownFieldUnderAGoodSignature_IsNotCanonical()
    {
        SignedTransaction signed = _signing.Sign(Draft);
        AssertRefused(RejectionCode.NotCanonical, signed with { Body = [.. signed.Body, 0x50, 1] });
    }

    [Fact]
    public void TryAdmit_StatelessRule_IsRefusedBeforeTheSignatureIsChecked()
    {
        var nothing = new Transfer(TestNetwork.Bond, TestNetwork.Bob, default);
        AssertRefused(
            RejectionCode.AmountZero,
            _signing.SignAs(TestNetwork.Bob, Draft with { Operations = [nothing] }));
    }

    [Fact]
    public void TryAdmit_RandomBytes_NeverThrows()
    {
        SignedTransaction right = _signing.Sign(Draft);
        for (int seed = 0; seed < 3_000; seed++)
        {
            var random = new CoreGenerator(seed);
            SignedTransaction signed = seed % 3 == 0
                ? random.SignedTransaction()
                : right with { Body = [.. random.Mutate(right.Body.AsSpan())] };
            Rejection? rejection = _admission.TryAdmit(signed, out VerifiedTransaction? verified);
            Assert.True(rejection is null == verified is not null, $"seed {seed}");
            Assert.True(rejection is not null || signed.Body.SequenceEqual(right.Body), $"seed {seed}");
        }
    }

    private static Transaction Draft => new(
        TestNetwork.Alice, 0, 7, TestNetwork.Start, null, "rent",
        [new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1))]);

    private void AssertRefused(RejectionCode code, SignedTransaction signed)
    {
        Assert.Equal(code, _admission.TryAdmit(signed, out VerifiedTransaction? verified)?.Code);
        Assert.Null(verified);
    }
}
