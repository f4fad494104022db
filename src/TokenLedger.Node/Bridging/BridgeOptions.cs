// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge;

namespace TokenLedger.Node.Bridging;

/// <summary>A validator's part in the bridge.</summary>
/// <param name="Signer">The key that signs messages and observes. It is no vote key.</param>
/// <param name="Sender">The key that pays for transactions abroad.</param>
/// <param name="Lanes">The chains that it looks at.</param>
internal sealed record BridgeOptions(
    BridgeKeyFile Signer, BridgeKeyFile Sender, ImmutableArray<LaneSettings> Lanes);

/// <summary>A Web3 Secret Storage keystore and the file that holds its password.</summary>
internal sealed record BridgeKeyFile(string Keystore, string PasswordFile);
