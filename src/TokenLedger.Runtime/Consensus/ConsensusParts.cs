// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core.Consensus;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Consensus;

/// <summary>What the consensus thread is made of.</summary>
internal sealed record ConsensusParts(
    ConsensusConfig Config,
    ISignatureScheme Scheme,
    ConsensusLog Record,
    VoteSigner? Signer,
    Certificate? Floor,
    RuntimeMetrics Metrics);
