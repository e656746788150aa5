import { expect, test } from 'vitest';
import { bareAddress, isLoopback, isPublic } from '#scraper/public-address.ts';

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '172.15.255.255',
  '172.32.0.0',
  '100.128.0.0',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
])('%s is public', (address) => {
  expect(isPublic(bareAddress(address))).toBe(true);
  expect(isLoopback(bareAddress(address))).toBe(false);
});

test.each([
  '0.0.0.0',
  '10.0.0.0',
  '100.64.0.0',
  '127.255.255.255',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '203.0.113.9',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::a00:1',
  '64:ff9b:1::1',
  'fe80::1%eth0',
  'fec0::1',
  'fc00::1',
  'ff02::1',
  '2001:db8::1',
  '2001::1',
  '2002:7f00:1::',
  'localhost',
  '127.1',
  '',
])('%j is not public', (address) => {
  expect(isPublic(bareAddress(address))).toBe(false);
});

test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])('%s is this machine', (address) => {
  expect(isLoopback(bareAddress(address))).toBe(true);
});
