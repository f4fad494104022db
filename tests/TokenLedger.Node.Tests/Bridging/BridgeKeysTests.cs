// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Node.Bridging;
using TokenLedger.Testing;

namespace TokenLedger.Node.Tests.Bridging;

/// <summary>A validator's keys have one duty each.</summary>
public sealed class BridgeKeysTests
{
    private static readonly ValidatorSet Validators = TestNetwork.Genesis().ValidatorSet;
    private static readonly Address Vote = Validators[1].Address;
    private static readonly Address Signer = TestNetwork.Named("signer");
    private static readonly Address Sender = TestNetwork.Named("sender");

    [Fact]
    public void RequireOwnDuties_OfThreeKeys_Passes() =>
        BridgeHost.RequireOwnDuties(Signer, Sender, Validators);

    [Fact]
    public void RequireOwnDuties_OfAKeyWithTwo_Throws()
    {
        foreach ((Address signer, Address sender, string twice) in new[]
        {
            (Signer, Signer, "sign and pay"), (Vote, Sender, "sign and vote"), (Signer, Vote, "pay and vote"),
        })
        {
            NodeConfigurationException e = Assert.Throws<NodeConfigurationException>(
                () => BridgeHost.RequireOwnDuties(signer, sender, Validators));
            Assert.Contains(twice, e.Message, StringComparison.Ordinal);
        }
    }
}
