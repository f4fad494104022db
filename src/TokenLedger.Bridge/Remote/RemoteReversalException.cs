// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Bridge.Remote;

/// <summary>A block abroad that was final is not there any more: nothing that was read can be
/// believed.</summary>
public sealed class RemoteReversalException(string message) : Exception(message);
