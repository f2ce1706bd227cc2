import { failOnLeftovers } from './support/leftovers';

failOnLeftovers();
