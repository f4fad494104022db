// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The little of forge's machine that the tests use.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    struct Gas {
        uint64 gasLimit;
        uint64 gasTotalUsed;
        uint64 gasMemoryUsed;
        int64 gasRefunded;
        uint64 gasRemaining;
    }

    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function warp(uint256 time) external;
    function chainId(uint256 id) external;
    function etch(address target, bytes calldata code) external;
    function load(address target, bytes32 slot) external view returns (bytes32);
    function store(address target, bytes32 slot, bytes32 value) external;
    function expectRevert() external;
    function expectPartialRevert(bytes4 selector) external;
    function deployCode(string calldata artifact) external returns (address);
    function deployCode(string calldata artifact, bytes calldata arguments) external returns (address);
    function expectRevert(bytes4 selector) external;
    function expectRevert(bytes calldata data) external;
    function expectEmit(address emitter) external;
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
    function lastCallGas() external view returns (Gas memory);
    function assume(bool condition) external pure;
    function mockCallRevert(address target, bytes calldata data, bytes calldata revertData) external;
    function clearMockedCalls() external;
    function envString(string calldata name) external view returns (string memory);
    function envUint(string calldata name) external view returns (uint256);
    function readFile(string calldata path) external view returns (string memory);
    function parseJsonAddressArray(string calldata json, string calldata key)
        external
        pure
        returns (address[] memory);
    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);
    function parseJsonString(string calldata json, string calldata key) external pure returns (string memory);
    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function keyExistsJson(string calldata json, string calldata key) external pure returns (bool);
    function serializeAddress(string calldata o, string calldata k, address v)
        external
        returns (string memory);
    function serializeBytes32(string calldata o, string calldata k, bytes32 v)
        external
        returns (string memory);
    function serializeUint(string calldata o, string calldata k, uint256 v) external returns (string memory);
    function serializeString(string calldata o, string calldata k, string calldata v)
        external
        returns (string memory);
    function writeJson(string calldata json, string calldata path) external;
    function toString(uint256 value) external pure returns (string memory);
    function startBroadcast(uint256 key) external;
    function stopBroadcast() external;
    function getBlockNumber() external view returns (uint256);
}
