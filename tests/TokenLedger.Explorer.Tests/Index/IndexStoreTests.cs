// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Tests.Index;

public sealed class MemoryIndexTests() : IndexStoreContract(new MemoryHarness());

public sealed class RocksIndexTests() : IndexStoreContract(new RocksHarness());

public sealed class FolderIndexTests() : IndexStoreContract(new FolderHarness());
